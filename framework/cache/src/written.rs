//! What a POST leaves behind for GET (RFC 9110 section 9.3.3, RFC 9111 section 3).
//!
//! The answer to a POST may be what a GET of its target gets from then on: `Content-Location` says that it is of the
//! target itself, and its life is said, not guessed. Everything else is judged as for GET. What was stored for the
//! target before goes all the same ([`invalidate`](crate::invalidate)).

use http::header::CONTENT_LOCATION;
use http::{Method, StatusCode};

use crate::decision::NoStore;
use crate::entry::StoredHead;
use crate::fresh::FreshnessSource;
use crate::invalidate::in_same_origin;
use crate::receive::{Exchange, Received, receive};
use crate::storable::ResponseView;

/// Whether the answer to a write is of its target itself, given as host and path with query: a 200 to POST with one
/// `Content-Location` that leads there.
#[must_use]
pub fn is_of_target(method: &Method, target: &(&str, &str), response: &ResponseView<'_>) -> bool {
    let mut named = response.headers.get_all(CONTENT_LOCATION).iter();
    let (named, more) = (named.next().and_then(|line| line.to_str().ok()), named.next());
    let leads_there = |reference: &str| {
        in_same_origin(reference.trim(), target.0, target.1).is_some_and(|path| path == target.1)
    };
    *method == Method::POST
        && response.status == StatusCode::OK
        && more.is_none()
        && named.is_some_and(leads_there)
}

/// Judges an answer that is of its target ([`is_of_target`]), as one to a GET with the same header section, about which
/// the origin was asked nothing.
///
/// # Errors
///
/// Why it may not be stored; [`NoStore::NoFreshness`] where its life would be guessed.
pub fn written(
    exchange: &Exchange<'_>,
    response: &ResponseView<'_>,
) -> Result<StoredHead, NoStore> {
    match receive(exchange, response) {
        Received::Store(head) if is_said(head.freshness().source) => Ok(head),
        Received::Forward(reason) => Err(reason),
        _ => Err(NoStore::NoFreshness),
    }
}

/// Whether somebody said how long it lives, and of this very object.
fn is_said(source: FreshnessSource) -> bool {
    match source {
        FreshnessSource::Override
        | FreshnessSource::Targeted
        | FreshnessSource::SurrogateControl
        | FreshnessSource::SMaxAge
        | FreshnessSource::MaxAge
        | FreshnessSource::Expires => true,
        FreshnessSource::DefaultTtl
        | FreshnessSource::Heuristic
        | FreshnessSource::Object
        | FreshnessSource::None => false,
    }
}
