//! May this response be stored at all, and if not, the named reason (RFC 9111 sections 3 and 3.5).
//!
//! Looks at heads only; what the body can still spoil is `fill`'s part.

use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, Method, StatusCode};

use crate::control::CacheControl;
use crate::decision::NoStore;
use crate::fresh::{Freshness, Override, Policy, freshness, is_heuristically_cacheable};
use crate::governing::Governing;
use crate::vary::Variant;
use crate::when::Times;

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
/// The first reason that forbids it; a response that is stale on arrival is not stored either.
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
    check_status(response.status, control)?;
    check_directives(response.status, control)?;
    check_authorization(request, control)?;
    Variant::of(response.headers, request.headers).map_err(|_| NoStore::VaryStar)?;
    let freshness = freshness(response, &governing, policy, over, times)?;
    check_lifetime(freshness)
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

fn check_status(status: StatusCode, control: &CacheControl) -> Result<(), NoStore> {
    match status.as_u16() {
        206 => Err(NoStore::PartialContent),
        100..=199 | 304 => Err(NoStore::Status),
        _ if control.must_understand && !is_understood(status) => Err(NoStore::Status),
        _ => Ok(()),
    }
}

/// `must-understand` takes the force of `no-store` from it where the status is understood (section 5.2.2.3).
fn check_directives(status: StatusCode, control: &CacheControl) -> Result<(), NoStore> {
    let store_anyway = control.must_understand && is_understood(status);
    match control {
        CacheControl { no_store: true, .. } if !store_anyway => Err(NoStore::NoStoreDirective),
        CacheControl { private: true, .. } => Err(NoStore::Private),
        CacheControl { no_cache: true, .. } => Err(NoStore::NoCache),
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

fn check_lifetime(freshness: Freshness) -> Result<Freshness, NoStore> {
    match freshness.lifetime_ms > freshness.initial_age_ms {
        true => Ok(freshness),
        false => Err(NoStore::Expired),
    }
}

/// Statuses whose caching requirements are met here: the heuristic list, and redirects that need explicit freshness.
fn is_understood(status: StatusCode) -> bool {
    is_heuristically_cacheable(status) || matches!(status.as_u16(), 302 | 303 | 307)
}
