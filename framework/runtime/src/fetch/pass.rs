//! A request that the cache has no part in. A write still takes away what it changed.

use std::sync::Arc;

use http::{HeaderMap, Method, Uri};
use selvedge::{Request, Response, Result};
use selvedge_cache::{
    decision::{NoStore, PassReason, Verdict},
    invalidate::targets,
    policy::{Override, Profile},
};

use super::{
    answer,
    answer::Told,
    asked,
    call::{self, Answered},
    dispatch, hooks,
    plan::{CachePlan, Use},
    posted::Posted,
    shielded,
    told::{failed, note},
};
use crate::{
    hop::Hop,
    purge::is_purge,
    world::{Destination, Matched},
};

pub(super) async fn pass(
    hop: &Arc<Hop>,
    to: Destination<'_>,
    request: Request,
    reason: PassReason,
    plan: &Use,
) -> Result<Response> {
    let kept = Kept::of(hop, to, &request, reason, plan);
    match exchange(hop, to, request, reason, plan).await {
        // Who waits for a body should not carry the room for it on its way through many services.
        Ok(answer) => match kept.settle(hop, answer) {
            Settled::Passed(response) => Ok(*response),
            Settled::Posted(answered) => Box::pin(call::alone(*answered)).await,
        },
        Err(error) => failed(hop, Told::of(Verdict::Pass(reason)), error),
    }
}

/// What is kept of a request for when its answer has come.
struct Kept {
    reason: PassReason,
    write: Write,
    posted: Option<Posted>,
}

/// What becomes of an answer.
enum Settled {
    Passed(Box<Response>),
    Posted(Box<Answered>),
}

impl Kept {
    fn of(
        hop: &Arc<Hop>,
        to: Destination<'_>,
        request: &Request,
        reason: PassReason,
        plan: &Use,
    ) -> Box<Self> {
        let write = Write::of(hop, to, request);
        let posted = Posted::of(hop, to, request, reason, plan);
        Box::new(Self { reason, write, posted })
    }

    fn settle(self: Box<Self>, hop: &Hop, answer: Answer) -> Settled {
        let Self { reason, write, posted } = *self;
        let (response, over) = answer.judged(hop, &write.host, posted.as_ref());
        let gone = write.forget_changed(hop, &response);
        let (mut response, not_stored) = match posted.zip(over) {
            None => (response, NoStore::PassRequested),
            Some((posted, over)) => match posted.admit(response, &over, gone) {
                Ok(answered) => return Settled::Posted(Box::new(answered)),
                Err(refused) => *refused,
            },
        };
        let told = passed(reason, not_stored);
        note(hop, told);
        answer::say(hop, None, &mut response, told);
        Settled::Passed(Box::new(response))
    }
}

/// What is told of an answer that the cache had no part in.
pub(super) fn passed(reason: PassReason, not_stored: NoStore) -> Told {
    Told { not_stored: Some(not_stored), ..Told::of(Verdict::Pass(reason)) }
}

/// What came back, by who answered.
enum Answer {
    Shield(Response),
    Backend(Response),
}

impl Answer {
    /// A backend's answer is changed by the rules, as one that is stored where it may be. The shield did that with its.
    fn judged(
        self,
        hop: &Hop,
        host: &str,
        posted: Option<&Posted>,
    ) -> (Response, Option<Override>) {
        match self {
            Self::Shield(response) => (response, None),
            Self::Backend(mut response) => {
                let over = posted.and_then(|posted| posted.judge(host, &mut response));
                let rules = hop.service.rules().zip(hop.matched());
                if let Some((rules, matched)) = rules.filter(|_| over.is_none()) {
                    rules.change_origin(matched, &mut response);
                }
                (response, over)
            }
        }
    }
}

async fn exchange(
    hop: &Hop,
    to: Destination<'_>,
    mut request: Request,
    reason: PassReason,
    plan: &Use,
) -> Result<Answer> {
    if let Some(pop) = shielded::shield(hop, to, &request)? {
        let sent = (request, at_shield(reason, plan));
        return Ok(Answer::Shield(shielded::send(hop, to, pop, sent, None).await?.response));
    }
    hooks::before(&plan.hooks(), &mut request)?;
    Ok(Answer::Backend(dispatch::dispatch(hop, to, request, None).await?))
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

/// What is kept of a request for what its answer takes away.
struct Write {
    method: Method,
    uri: Uri,
    host: Arc<str>,
    headers: HeaderMap,
}

impl Write {
    fn of(hop: &Hop, to: Destination<'_>, request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            host: asked::host(hop, to, request).into(),
            headers: request.headers().clone(),
        }
    }

    /// What a write changed is not served any more (RFC 9111 section 4.4). Says how many keys that were.
    ///
    /// Under `fastly` a purge invalidates, not a write; and what a purge means, hard or soft, is the business of whoever
    /// it is for.
    fn forget_changed(&self, hop: &Hop, response: &Response) -> u64 {
        if hop.service.policy.profile != Profile::Rfc || is_purge(&self.method) {
            return 0;
        }
        let target = self.uri.path_and_query().map_or("/", |target| target.as_str());
        let changed =
            targets(&self.method, response.status(), &(&self.host, target), response.headers());
        changed.iter().map(|(host, target)| self.forget(hop, host, target)).sum()
    }

    /// Takes a target away, whatever header or cookie its objects were stored for.
    fn forget(&self, hop: &Hop, host: &str, target: &str) -> u64 {
        let Ok(uri) = target.parse::<Uri>() else { return 0 };
        let own = hop.service.key(host, &uri, &self.headers, hop.matched());
        // What clients call so, or what this one called, may be known by another name, which rules gave it.
        let asked = hop.matched().and_then(Matched::asked);
        let named = asked.into_iter().chain([&uri]);
        let keys = named.flat_map(|uri| hop.service.keys(&hop.host, uri)).chain([own]);
        let forget = |key| {
            hop.pop.shelf.remove_target(&key);
            hop.pop.flights.unmark_target(&key);
        };
        keys.map(forget).fold(0, |gone, ()| gone + 1)
    }
}
