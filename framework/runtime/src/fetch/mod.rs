//! The fetch pipeline: key, look up, decide, dispatch, admit, answer.
//!
//! A service sends a request to one of its backends through here, and through nothing else. What
//! the cache may do is decided in `selvedge-cache`; this module does what was decided.

mod admit;
mod answer;
mod asked;
mod body;
mod dispatch;
mod forward;
mod hooks;
mod pass;
mod plan;
mod refresh;

use std::sync::Arc;

use axum::response::IntoResponse;
use http_body::Body as _;
use selvedge::{Error, Refusal, Request, Response, Result};
use selvedge_cache::{
    decide::{Step, decide},
    decision::{PassReason, Verdict},
    entry::{Entry, StoredHead},
    lookup::may_look_up,
};

pub use self::plan::{CachePlan, Use};
use self::{answer::Told, asked::Asked};
use crate::{
    headers,
    hop::{Hop, Object, Outcome},
    world::Backend,
};

/// Sends a request to a backend, through the cache.
///
/// # Errors
/// Where no response was received and none could be served instead.
pub async fn fetch(
    hop: &Hop,
    backend: &Backend,
    mut request: Request,
    plan: CachePlan,
) -> Result<Response> {
    headers::strip_hop_by_hop(request.headers_mut());
    let plan = match may_use(plan, &request) {
        Ok(plan) => plan,
        Err(reason) => return pass::pass(hop, backend, request, reason).await,
    };
    let (asked, body) = Asked::of(hop, backend, request, plan);
    let stock = hop.pop.shelf.stock(&asked.key, &asked.headers);
    match decide(&asked.view(), stock, &hop.service.policy, asked.sent_ms) {
        Step::Serve { entry, verdict, refresh } => {
            if refresh && entry.head.offer_refresh(asked.sent_ms) {
                refresh::refresh(hop, backend, &asked, &entry);
            }
            Ok(serve(hop, &asked, &entry, Told::of(verdict)))
        }
        Step::Forward { reason, candidates } => {
            let request = asked.request(body);
            forward::forward(hop, backend, request, asked, reason, candidates).await
        }
        Step::OnlyIfCached => Ok(only_if_cached(&asked)),
    }
}

/// A GET with a body asks for something that the cache cannot know the request by.
fn may_use(plan: CachePlan, request: &Request) -> Result<Use, PassReason> {
    match plan {
        CachePlan::Pass(reason) => Err(reason),
        CachePlan::Use(_) if !request.body().is_end_stream() && is_read(request) => {
            Err(PassReason::Body)
        }
        CachePlan::Use(plan) => may_look_up(request.method()).map(|()| plan),
    }
}

fn is_read(request: &Request) -> bool {
    may_look_up(request.method()).is_ok()
}

/// Answers with what is stored, by the client's own conditions and range.
fn serve(hop: &Hop, asked: &Asked, entry: &Arc<Entry>, told: Told) -> Response {
    if told.verdict.is_hit() {
        entry.head.count_hit();
    }
    let hits = entry.head.hits();
    hop.note_object(|| object(hop, asked, &entry.head));
    hop.note(Outcome { verdict: told.verdict, hits, not_stored: told.not_stored });
    answer::from_shelf(hop, asked, entry, told)
}

fn only_if_cached(asked: &Asked) -> Response {
    Error::new(Refusal::OnlyIfCached, asked.key.to_string()).into_response()
}

fn object(hop: &Hop, asked: &Asked, head: &StoredHead) -> Object {
    let now_ms = hop.world().clock.now_ms();
    let stale = head.freshness().stale;
    Object {
        key: format!("{}/{}", hop.service.name(), asked.key),
        fetched_ms: head.received_at_ms,
        ttl_ms: head.ttl_ms(now_ms),
        grace_ms: stale.while_revalidate_ms.max(stale.if_error_ms),
        age_ms: head.age_ms(now_ms),
    }
}

/// Notes what the cache did where nothing of the shelf was served.
fn note(hop: &Hop, told: Told) {
    hop.note(Outcome { verdict: told.verdict, hits: 0, not_stored: told.not_stored });
}

fn failed<T>(hop: &Hop, verdict: Verdict, error: Error) -> Result<T> {
    note(hop, Told::of(verdict));
    Err(error)
}
