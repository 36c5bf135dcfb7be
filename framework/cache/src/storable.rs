//! May this response be stored at all, and if not, the named reason (RFC 9111 sections 3 and 3.5).
//!
//! Looks at heads only; what the body can still spoil is `fill`'s part. What is stored need not be fresh: a response
//! that can be validated, or that may be served stale, is worth keeping.

use http::header::{AUTHORIZATION, CACHE_CONTROL, ETAG, LAST_MODIFIED, SET_COOKIE};
use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::control::CacheControl;
use crate::decision::NoStore;
use crate::fresh::{Freshness, FreshnessSource, freshness, is_heuristically_cacheable};
use crate::governing::Governing;
use crate::policy::{Override, Policy, SetCookie, Storing};
use crate::validate::is_conditional;
use crate::vary::Variant;
use crate::when::{Times, date_field};

/// What the rules see of a request.
#[derive(Debug, Clone, Copy)]
pub struct RequestView<'a> {
    /// Its method, as sent to the origin.
    pub method: &'a Method,
    /// Its header section.
    pub headers: &'a HeaderMap,
}

/// What the rules see of a response.
#[derive(Debug, Clone, Copy)]
pub struct ResponseView<'a> {
    /// Its status.
    pub status: StatusCode,
    /// Its header section as it came from the origin.
    pub headers: &'a HeaderMap,
}

/// Decides whether a response may be stored, and how long it is fresh.
///
/// # Errors
///
/// The first reason that forbids it, or the reason why nothing could ever reuse it.
pub fn storable(
    request: &RequestView<'_>,
    response: &ResponseView<'_>,
    policy: &Policy,
    over: &Override,
    times: Times,
) -> Result<Freshness, NoStore> {
    let governing = Governing::of(response.headers);
    let control = governing.directives();
    check_request(request)?;
    check_status(request, response.status, control)?;
    if !over.lifts_prohibitions(policy) {
        check_directives(response.status, control)?;
        check_authorization(request, control)?;
    }
    check_operator(response, control, policy, over)?;
    Variant::of(response.headers, request.headers).map_err(|_| NoStore::VaryStar)?;
    let freshness = freshness(response, &governing, policy, over, times)?;
    check_use(&freshness, response.headers, control, times)?;
    Ok(freshness)
}

fn check_request(request: &RequestView<'_>) -> Result<(), NoStore> {
    if request.method != Method::GET {
        return Err(NoStore::Method);
    }
    match CacheControl::parse(request.headers, CACHE_CONTROL).no_store {
        true => Err(NoStore::RequestNoStore),
        false => Ok(()),
    }
}

/// 412 and 416 answer a condition or a range that no key knows: they say nothing to a request without it (RFC 9110
/// sections 15.5.13 and 15.5.17).
fn check_status(
    request: &RequestView<'_>,
    status: StatusCode,
    control: &CacheControl,
) -> Result<(), NoStore> {
    match status.as_u16() {
        206 => Err(NoStore::PartialContent),
        100..=199 | 304 => Err(NoStore::Status),
        412 | 416 if is_conditional(request.headers) => Err(NoStore::Status),
        _ if control.must_understand && !is_understood(status) => Err(NoStore::Status),
        _ => Ok(()),
    }
}

/// `must-understand` takes the force of `no-store` from it where the status is understood (section 5.2.2.3). What
/// `private` and `no-cache` say of single fields forbids nothing: those fields are left out.
fn check_directives(status: StatusCode, control: &CacheControl) -> Result<(), NoStore> {
    let store_anyway = control.must_understand && is_understood(status);
    match control {
        CacheControl { no_store: true, .. } if !store_anyway => Err(NoStore::NoStoreDirective),
        CacheControl { private: true, .. } => Err(NoStore::Private),
        _ => Ok(()),
    }
}

/// Only these directives let a shared cache keep what was sent to somebody who authenticated (section 3.5).
fn check_authorization(request: &RequestView<'_>, control: &CacheControl) -> Result<(), NoStore> {
    let s_maxage = control.s_maxage.lifetime_ms().is_some();
    let shared = control.public || control.must_revalidate || s_maxage;
    match request.headers.contains_key(AUTHORIZATION) && !shared {
        true => Err(NoStore::Authorization),
        false => Ok(()),
    }
}

/// What the RFC allows and the operator does not (section 7.3). A cookie that is left out does no harm.
fn check_operator(
    response: &ResponseView<'_>,
    control: &CacheControl,
    policy: &Policy,
    over: &Override,
) -> Result<(), NoStore> {
    let kept = response.headers.contains_key(SET_COOKIE) && !control.withheld.contains(&SET_COOKIE);
    match (over.storing, policy.set_cookie) {
        (Storing::Refuse | Storing::RefuseUnmarked, _) => Err(NoStore::Uncacheable),
        (Storing::AsSaid, SetCookie::Pass) if kept => Err(NoStore::SetCookie),
        (Storing::AsSaid | Storing::Store, _) => Ok(()),
    }
}

/// Whether some request could be answered by it: as it is, or stale, or after validation.
fn check_use(
    freshness: &Freshness,
    headers: &HeaderMap,
    control: &CacheControl,
    times: Times,
) -> Result<(), NoStore> {
    // Those who waited for it since it was asked for may use what was fresh then.
    let waited_ms = times.received_at_ms.saturating_sub(times.requested_at_ms);
    let age_ms = freshness.initial_age_ms.saturating_sub(waited_ms);
    let lives = freshness.ttl_ms(age_ms) > 0 || freshness.stale.permit(freshness.late_ms(age_ms));
    match freshness.source {
        _ if keeps_validator(headers, control, times) => Ok(()),
        _ if freshness.always_validate => Err(NoStore::NoCache),
        _ if lives => Ok(()),
        FreshnessSource::None => Err(NoStore::NoFreshness),
        _ => Err(NoStore::Expired),
    }
}

/// One that is left out validates nothing, nor does a `Last-Modified` that is no date and could not be sent in
/// `If-Modified-Since` (RFC 9110 section 13.1.3).
fn keeps_validator(headers: &HeaderMap, control: &CacheControl, times: Times) -> bool {
    let is_kept = |name: &HeaderName| !control.withheld.contains(name);
    let tag = headers.contains_key(ETAG) && is_kept(&ETAG);
    let modified = date_field(headers, LAST_MODIFIED, times.received_at_ms).at();
    tag || modified.is_some() && is_kept(&LAST_MODIFIED)
}

/// Statuses whose caching requirements are met here: the heuristic list, and redirects that need explicit freshness.
fn is_understood(status: StatusCode) -> bool {
    is_heuristically_cacheable(status) || matches!(status.as_u16(), 302 | 303 | 307)
}

#[cfg(test)]
mod tests;
