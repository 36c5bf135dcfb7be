//! The fetch pipeline: key, look up, decide, dispatch, admit, answer.
//!
//! A service sends a request to one of its backends through here, and through nothing else. What
//! the cache may do is decided in `selvedge-cache`; this module does what was decided.

mod admit;
mod answer;
mod body;
mod dispatch;

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Method, StatusCode, header};
use selvedge::{Request, Response, Result};
use selvedge_cache::{
    decision::{MissReason, NoStore, PassReason, Verdict},
    entry::Entry,
    key::Key,
    lookup::may_look_up,
    shelf::Found,
};

use crate::{
    hop::{Hop, Outcome},
    world::Backend,
};

/// What the cache is to do for one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePlan {
    /// Look up and store, with this time to live if there is one.
    Use {
        /// Replaces the response's own freshness.
        ttl: Option<Duration>,
    },
    /// Do neither.
    Pass(PassReason),
}

/// What was asked, kept for the decisions that are taken when the response has come.
struct Asked {
    method: Method,
    headers: HeaderMap,
    key: Key,
    sent_ms: u64,
    ttl: Option<Duration>,
}

/// Sends a request to a backend, through the cache.
///
/// # Errors
/// Where no response was received and none could be served instead.
pub async fn fetch(
    hop: &Hop,
    backend: &Backend,
    request: Request,
    plan: CachePlan,
) -> Result<Response> {
    let ttl = match may_use(plan, request.method()) {
        Ok(ttl) => ttl,
        Err(reason) => return pass(hop, backend, request, reason).await,
    };
    let asked = Asked {
        method: request.method().clone(),
        headers: request.headers().clone(),
        key: key(hop, &request),
        sent_ms: hop.world().clock.now_ms(),
        ttl,
    };
    match hop.pop.shelf.get(&asked.key, &asked.headers, asked.sent_ms) {
        Found::Fresh(entry) => Ok(hit(hop, &asked, &entry)),
        Found::Stale(_) => miss(hop, backend, request, asked, MissReason::Stale).await,
        Found::VaryMiss => miss(hop, backend, request, asked, MissReason::VaryMiss).await,
        Found::Nothing => miss(hop, backend, request, asked, MissReason::UriMiss).await,
    }
}

fn may_use(plan: CachePlan, method: &Method) -> Result<Option<Duration>, PassReason> {
    match plan {
        CachePlan::Pass(reason) => Err(reason),
        CachePlan::Use { ttl } => may_look_up(method).map(|()| ttl),
    }
}

/// Objects are known by the host that the service was asked for, or that its handler wrote.
fn key(hop: &Hop, request: &Request) -> Key {
    let named = request.uri().authority().map(|authority| authority.as_str());
    let field = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = named.or(field).unwrap_or(&hop.host);
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    Key::new(hop.service.name(), host, target)
}

fn hit(hop: &Hop, asked: &Asked, entry: &Arc<Entry>) -> Response {
    let outcome = Outcome { verdict: Verdict::Hit, hits: entry.head.hits(), not_stored: None };
    hop.note(outcome);
    answer::from_shelf(hop, asked, entry)
}

async fn miss(
    hop: &Hop,
    backend: &Backend,
    request: Request,
    asked: Asked,
    reason: MissReason,
) -> Result<Response> {
    let response = dispatch::dispatch(hop, backend, request).await;
    let verdict = Verdict::Miss(reason);
    let response = match response {
        Ok(response) => response,
        Err(error) => return failed(hop, verdict, error),
    };
    let (mut response, stored) = admit::admit(hop, asked, response);
    note(hop, verdict, stored.err());
    answer::say(hop, &mut response, verdict, stored);
    Ok(response)
}

async fn pass(
    hop: &Hop,
    backend: &Backend,
    request: Request,
    reason: PassReason,
) -> Result<Response> {
    let method = request.method().clone();
    let key = key(hop, &request);
    let verdict = Verdict::Pass(reason);
    let mut response = match dispatch::dispatch(hop, backend, request).await {
        Ok(response) => response,
        Err(error) => return failed(hop, verdict, error),
    };
    invalidate(hop, &method, response.status(), &key);
    note(hop, verdict, Some(NoStore::PassRequested));
    answer::say(hop, &mut response, verdict, Err(NoStore::PassRequested));
    Ok(response)
}

/// What a write changed is not served any more (RFC 9111 section 4.4).
fn invalidate(hop: &Hop, method: &Method, status: StatusCode, key: &Key) {
    if selvedge_cache::invalidate::invalidates(method, status) {
        hop.pop.shelf.remove(key);
    }
}

fn failed(hop: &Hop, verdict: Verdict, error: selvedge::Error) -> Result<Response> {
    note(hop, verdict, None);
    Err(error)
}

fn note(hop: &Hop, verdict: Verdict, not_stored: Option<NoStore>) {
    hop.note(Outcome { verdict, hits: 0, not_stored });
}
