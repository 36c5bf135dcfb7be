//! A request that the cache has no part in. A write still takes away what it changed.

use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode, Uri};
use selvedge::{Error, Request, Response, Result};
use selvedge_cache::{
    decision::{NoStore, PassReason, Verdict},
    invalidate::{is_safe, targets},
    policy::Profile,
};

use super::{
    answer,
    answer::Told,
    asked,
    dispatch::{self, Local},
    found::{Found, Passed},
    hooks,
    plan::{CachePlan, Use},
    shielded,
    told::{failed, note},
};
use crate::{
    headers::Vouched,
    hop::Hop,
    purge::is_purge,
    reply::Reply,
    soon::Soon,
    world::{Destination, Matched},
};

/// A request on its way past the cache.
pub(super) struct Passing {
    pub(super) request: Request,
    pub(super) reason: PassReason,
    pub(super) plan: Use,
    /// What its headers have yet to say of the client; the next service in the process may do without, too.
    pub(super) unsaid: Option<Vouched>,
}

impl Passing {
    fn said(mut self) -> Self {
        let unsaid = self.unsaid.take();
        unsaid.into_iter().for_each(|vouched| vouched.say(self.request.headers_mut()));
        self
    }
}

/// Sends it to the next service at once, if that is where it goes; else in a while.
pub(super) fn soon(hop: &Arc<Hop>, to: Destination<'_>, passing: Passing) -> Soon<Result<Found>> {
    let Some(local) = local(hop, to, &passing.request) else {
        let (hop, to) = (Arc::clone(hop), to.name().to_owned());
        return Soon::Later(Box::pin(async move {
            pass(&hop, hop.service.destination(&to)?, passing).await
        }));
    };
    let Passing { mut request, reason, plan, unsaid } = passing;
    let sent = Sent::of(hop, to, &request, reason);
    let answer = hooks::before(&plan.hooks, &mut request)
        .and_then(|()| local.enter((request, unsaid), None));
    match answer {
        Ok(answer) => {
            let hop = Arc::clone(hop);
            answer.then(move |reply| Ok(sent.answered(&hop, reply)))
        }
        Err(error) => Soon::Now(sent.failed(hop, error)),
    }
}

/// The service in the process that the request goes to, where no shield is in between.
fn local<'a>(hop: &'a Hop, to: Destination<'a>, request: &Request) -> Option<Local<'a>> {
    match shielded::shield(hop, to, request) {
        Ok(None) => dispatch::local(hop, to, request),
        Ok(Some(_)) | Err(_) => None,
    }
}

/// Sends it, and waits for what comes back.
///
/// # Errors
/// Where nothing does.
pub(super) async fn pass(hop: &Hop, to: Destination<'_>, passing: Passing) -> Result<Found> {
    let passing = passing.said();
    let sent = Sent::of(hop, to, &passing.request, passing.reason);
    match exchange(hop, to, passing).await {
        Ok(FromNext::Reply(reply)) => Ok(sent.answered(hop, reply)),
        Ok(FromNext::Shield(response)) => Ok(Found::Made(sent.told(hop, response))),
        Err(error) => sent.failed(hop, error),
    }
}

/// Who has answered.
enum FromNext {
    /// A backend: rules have yet to see its response.
    Reply(Reply),
    /// The shield, where they have seen it.
    Shield(Response),
}

async fn exchange(hop: &Hop, to: Destination<'_>, passing: Passing) -> Result<FromNext> {
    let Passing { mut request, reason, plan, .. } = passing;
    if let Some(pop) = shielded::shield(hop, to, &request)? {
        let sent = (request, at_shield(reason, &plan));
        let answer = shielded::send(hop, to, pop, sent, None).await?;
        return Ok(FromNext::Shield(answer.response));
    }
    hooks::before(&plan.hooks, &mut request)?;
    let response = dispatch::dispatch(hop, to, request, None).await?;
    Ok(FromNext::Reply(Reply::Made(response)))
}

/// What was sent, as far as it matters for its answer.
struct Sent {
    reason: PassReason,
    /// What it may have changed.
    write: Option<Write>,
}

/// A request that may change something, of whose objects this cache may have some.
struct Write {
    method: Method,
    uri: Uri,
    host: Arc<str>,
    headers: HeaderMap,
}

impl Sent {
    fn of(hop: &Hop, to: Destination<'_>, request: &Request, reason: PassReason) -> Self {
        let method = request.method();
        // Under `fastly` a purge invalidates, not a write; and what a purge means, hard or soft, is the
        // business of whoever it is for.
        let forgets = hop.service.policy.profile == Profile::Rfc && !is_purge(method);
        let write = (forgets && !is_safe(method)).then(|| Write {
            method: method.clone(),
            uri: request.uri().clone(),
            host: asked::host(hop, to, request),
            headers: request.headers().clone(),
        });
        Self { reason, write }
    }

    fn about(&self) -> Told {
        let told = Told::of(Verdict::Pass(self.reason));
        Told { not_stored: Some(NoStore::PassRequested), ..told }
    }

    fn failed<T>(&self, hop: &Hop, error: Error) -> Result<T> {
        failed(hop, Told::of(Verdict::Pass(self.reason)), error)
    }

    /// What the next service has stored stays as it is, if nobody here looks at it.
    fn answered(&self, hop: &Hop, reply: Reply) -> Found {
        let at_work = hop.service.rules().zip(hop.matched());
        let changed = at_work.filter(|(rules, _)| rules.change_responses());
        match reply {
            Reply::Stored(from) if changed.is_none() && self.write.is_none() => {
                note(hop, self.about());
                Found::Passed(Passed { from, told: self.about() })
            }
            reply => {
                let mut response = reply.into_response();
                if let Some((rules, matched)) = changed {
                    rules.change_origin(matched, &mut response);
                }
                Found::Made(self.told(hop, response))
            }
        }
    }

    fn told(&self, hop: &Hop, mut response: Response) -> Response {
        if let Some(write) = &self.write {
            write.forget_changed(hop, &response);
        }
        note(hop, self.about());
        answer::say(hop, None, &mut response, self.about());
        response
    }
}

impl Write {
    fn forget_changed(&self, hop: &Hop, response: &Response) {
        let changed = changed(&self.method, response.status(), &self.host, &self.uri, response);
        for (host, target) in changed {
            forget(hop, &host, &target, &self.headers);
        }
    }
}

/// What only this POP's cache has no part in is nothing to the shield's.
fn at_shield(reason: PassReason, plan: &Use) -> CachePlan {
    match reason {
        PassReason::HitForPass | PassReason::Ancestor => CachePlan::Use(plan.clone()),
        PassReason::Requested | PassReason::Method | PassReason::CacheOff | PassReason::Body => {
            CachePlan::Pass(reason)
        }
    }
}

/// Takes a target away, whatever header or cookie its objects were stored for.
fn forget(hop: &Hop, host: &str, target: &str, headers: &HeaderMap) {
    let Ok(uri) = target.parse::<Uri>() else { return };
    let own = hop.service.key(host, &uri, headers, hop.matched());
    // What clients call so, or what this one called, may be known by another name, which rules gave it.
    let asked = hop.matched().and_then(Matched::asked);
    let named = asked.into_iter().chain([&uri]);
    for key in named.flat_map(|uri| hop.service.keys(&hop.host, uri)).chain([own]) {
        hop.pop.shelf.remove_target(&key);
        hop.pop.flights.unmark_target(&key);
    }
}

/// What a write changed is not served any more (RFC 9111 section 4.4).
fn changed(
    method: &Method,
    status: StatusCode,
    host: &str,
    uri: &Uri,
    response: &Response,
) -> Vec<(String, String)> {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    targets(method, status, &(host, target), response.headers())
}
