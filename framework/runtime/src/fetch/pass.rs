//! A request that the cache has no part in. A write still takes away what it changed.

use http::{HeaderMap, Method, StatusCode, Uri};
use selvedge::{Request, Response, Result};
use selvedge_cache::{
    decision::{NoStore, PassReason, Verdict},
    invalidate::targets,
    policy::Profile,
};

use super::{
    answer,
    answer::Told,
    asked, dispatch, hooks,
    plan::{CachePlan, Use},
    shielded,
    told::{failed, note},
};
use crate::{
    hop::Hop,
    purge::is_purge,
    world::{Destination, Matched},
};

pub(super) async fn pass(
    hop: &Hop,
    to: Destination<'_>,
    request: Request,
    reason: PassReason,
    plan: &Use,
) -> Result<Response> {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let (host, headers) = (asked::host(hop, to, &request), request.headers().clone());
    let verdict = Verdict::Pass(reason);
    let mut response = match exchange(hop, to, request, reason, plan).await {
        Ok(response) => response,
        Err(error) => return failed(hop, Told::of(verdict), error),
    };
    // Under `fastly` a purge invalidates, not a write; and what a purge means, hard or soft, is the
    // business of whoever it is for.
    if hop.service.policy.profile == Profile::Rfc && !is_purge(&method) {
        for (host, target) in changed(&method, response.status(), &host, &uri, &response) {
            forget(hop, &host, &target, &headers);
        }
    }
    let told = Told { not_stored: Some(NoStore::PassRequested), ..Told::of(verdict) };
    note(hop, told);
    answer::say(hop, None, &mut response, told);
    Ok(response)
}

async fn exchange(
    hop: &Hop,
    to: Destination<'_>,
    mut request: Request,
    reason: PassReason,
    plan: &Use,
) -> Result<Response> {
    if let Some(pop) = shielded::shield(hop, to, &request)? {
        let sent = (request, at_shield(reason, plan));
        return Ok(shielded::send(hop, to, pop, sent, None).await?.response);
    }
    hooks::before(&plan.hooks, &mut request)?;
    let mut response = dispatch::dispatch(hop, to, request, None).await?;
    if let Some((rules, matched)) = hop.service.rules().zip(hop.matched()) {
        rules.change_origin(matched, &mut response);
    }
    Ok(response)
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
