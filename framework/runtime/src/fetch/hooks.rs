//! The handler's hooks on the way to the backend and back (platform.md sections 6.4 and 6.5).
//!
//! What the cache makes of the changed response is decided by its own rules, once more; here the two
//! vocabularies are translated.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use selvedge::{
    Request, Response, Result,
    cache::{self as sdk, Act, Candidate, Decided, Hooks, OnError, Parts, Suggestion, Transform},
};
use selvedge_cache::{
    decision::NoStore,
    entry::Entry,
    fresh::Freshness,
    policy::{Override, Storing},
    receive::{Exchange, Received, instead},
    stale::Failure,
    when::initial_age_ms,
};

use crate::headers;

/// Lets the handler change a request that is about to leave. What belongs to one connection only
/// is taken off again, whoever put it there.
///
/// # Errors
/// The handler's own.
pub(super) fn before(hooks: &Hooks, request: &mut Request) -> Result<()> {
    hooks.run_before(request)?;
    headers::strip_hop_by_hop(request.headers_mut());
    Ok(())
}

/// Asks the backend for all of it, where the handler wants to see the response: a part of one is
/// no candidate.
pub(super) fn ask_for_the_whole(hooks: &Hooks, headers: &mut HeaderMap) {
    if hooks.judges_candidates() {
        headers.remove(header::RANGE);
        headers.remove(header::IF_RANGE);
    }
}

/// A 304 names the bytes that the backend has. Where a transform made others of them their tag was
/// weakened, and that object is the one that is meant.
pub(super) fn mean_the_stored(hooks: &Hooks, candidates: &[Entry], response: &mut Response) {
    if !hooks.judges_candidates() || response.status() != StatusCode::NOT_MODIFIED {
        return;
    }
    let Some(weak) = response.headers().get(header::ETAG).and_then(weakened) else { return };
    let mut tags = candidates.iter().filter_map(|entry| entry.head.get(&header::ETAG));
    if tags.any(|tag| tag == weak.as_bytes()) {
        response.headers_mut().insert(header::ETAG, weak);
    }
}

/// What the cache thinks of a response.
pub(super) struct Suggested {
    suggestion: Suggestion,
    method: Method,
}

/// A response as the handler left it.
pub(super) struct After {
    /// The response.
    pub(super) response: Response,
    /// What the handler decided.
    pub(super) said: Override,
}

impl Suggested {
    /// From what became of the response; `None` where it is no candidate: a 304 about nothing that
    /// is stored, and an error in whose place stale is served.
    pub(super) fn of(
        received: &Received,
        exchange: &Exchange<'_>,
        headers: &HeaderMap,
    ) -> Option<Self> {
        let (act, storable, freshness) = match received {
            Received::Unselected | Received::ServeStale(..) => return None,
            Received::Renewed(renewed) => {
                let first = renewed.first()?;
                (Act::Update, first.keep, Some(first.entry.head.freshness()))
            }
            Received::Store(head) | Received::StorePart(head, _) => {
                (Act::Insert, Ok(()), Some(head.freshness()))
            }
            Received::Forward(reason) => (Act::Insert, Err(*reason), None),
        };
        let age_ms = initial_age_ms(headers, exchange.times);
        let stale = instead(exchange, Failure::Disconnected);
        let on_error = if stale.is_some() { OnError::ServeStale } else { OnError::Fail };
        let suggestion = suggestion(act, storable, freshness, age_ms, on_error);
        Some(Self { suggestion, method: exchange.request.method.clone() })
    }
}

fn suggestion(
    act: Act,
    storable: Result<(), NoStore>,
    freshness: Option<Freshness>,
    age_ms: u64,
    on_error: OnError,
) -> Suggestion {
    let window =
        |ms: fn(&Freshness) -> u64| Duration::from_millis(freshness.as_ref().map_or(0, ms));
    Suggestion {
        storable: storable.map_err(NoStore::as_str),
        ttl: window(|freshness| freshness.ttl_ms(freshness.initial_age_ms)),
        age: Duration::from_millis(age_ms),
        stale_while_revalidate: window(|freshness| freshness.stale.while_revalidate_ms),
        stale_if_error: window(|freshness| freshness.stale.if_error_ms),
        act,
        on_error,
    }
}

/// Lets the handler change a response before it is stored.
///
/// # Errors
/// The handler's own.
pub(super) fn after(hooks: &Hooks, response: Response, suggested: Suggested) -> Result<After> {
    let (mut head, body) = response.into_parts();
    let mut candidate = Candidate::new(head.status, head.headers, suggested.suggestion);
    hooks.run_after(&mut candidate)?;
    let Parts { status, headers, decided, transform } = candidate.into_parts();
    (head.status, head.headers) = (status, headers);
    headers::strip_hop_by_hop(&mut head.headers);
    let response = Response::from_parts(head, body);
    let transform = transform.filter(|_| has_whole_body(&suggested.method, status));
    let response = match transform {
        Some(transform) => transformed(response, transform),
        None => response,
    };
    Ok(After { response, said: said(decided) })
}

fn has_whole_body(method: &Method, status: StatusCode) -> bool {
    let bodiless = [StatusCode::PARTIAL_CONTENT, StatusCode::NOT_MODIFIED];
    method != Method::HEAD && !bodiless.contains(&status)
}

/// Other bytes have another length, and share no ranges with those that came.
fn transformed(mut response: Response, transform: Transform) -> Response {
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if let Some(tag) = response.headers().get(header::ETAG).and_then(weakened) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response.map(transform)
}

/// `None` where the tag is weak already.
fn weakened(tag: &HeaderValue) -> Option<HeaderValue> {
    let tag = tag.as_bytes();
    if tag.starts_with(b"W/") {
        return None;
    }
    HeaderValue::from_bytes(&[b"W/", tag].concat()).ok()
}

fn said(decided: Decided) -> Override {
    Override {
        ttl: decided.ttl,
        // The handler has seen the status.
        any_status: decided.ttl.is_some(),
        stale_while_revalidate: decided.stale_while_revalidate,
        stale_if_error: decided.stale_if_error,
        storing: match decided.storing {
            sdk::Storing::AsSuggested => Storing::AsSaid,
            sdk::Storing::Store => Storing::Store,
            sdk::Storing::Refuse => Storing::Refuse,
            sdk::Storing::RefuseUnmarked => Storing::RefuseUnmarked,
        },
        life: None,
    }
}
