//! What a client asked on a hit: is its own copy still the current one (RFC 9110 sections 13.1 and 13.2, RFC 9111
//! section 4.3.2).
//!
//! Only `If-None-Match` and `If-Modified-Since` are a cache's to evaluate; `If-Range` belongs to `range`.

use http::header::{
    IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED,
};
use http::{HeaderMap, Method, StatusCode};

use crate::entry::StoredHead;
use crate::etag::TagList;
use crate::when::date_field;

/// What becomes of a conditional request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Answer as if there were no condition.
    Proceed,
    /// The client has what is stored: 304.
    NotModified,
}

/// Evaluates the conditions of a request against the stored response that was chosen for it.
///
/// They count only where the answer would be 200, or the 206 of a stored part, without them.
#[must_use]
pub fn evaluate(method: &Method, request_headers: &HeaderMap, head: &StoredHead) -> Condition {
    match applies(method, head.status) && client_has(request_headers, head) {
        true => Condition::NotModified,
        false => Condition::Proceed,
    }
}

/// Whether a request must be forwarded even though what is stored is fresh.
///
/// `If-Match` and `If-Unmodified-Since` guard against changes that the client has not seen. Only the origin knows its
/// current state: a 200 from the cache would claim that the condition held there, and a 412 that it did not.
#[must_use]
pub fn must_forward(request_headers: &HeaderMap) -> bool {
    request_headers.contains_key(IF_MATCH) || request_headers.contains_key(IF_UNMODIFIED_SINCE)
}

fn applies(method: &Method, status: StatusCode) -> bool {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    reads && matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT)
}

/// `If-None-Match` silences `If-Modified-Since`, even one that cannot be read (RFC 9110 section 13.1.3).
fn client_has(request_headers: &HeaderMap, head: &StoredHead) -> bool {
    match TagList::of(request_headers, IF_NONE_MATCH) {
        Some(list) => list.matches_weakly(head.etag()),
        None => unmodified_since(request_headers, head),
    }
}

/// Anything but one valid date is ignored.
fn unmodified_since(request_headers: &HeaderMap, head: &StoredHead) -> bool {
    let since = date_field(request_headers, IF_MODIFIED_SINCE, head.received_at_ms).at();
    since.is_some_and(|since| last_changed(head) <= since)
}

/// `Last-Modified`, else `Date`, else the time of receipt (RFC 9111 section 4.3.2).
fn last_changed(head: &StoredHead) -> u64 {
    head.date(&LAST_MODIFIED).at().unwrap_or_else(|| head.made_at_ms())
}

#[cfg(test)]
mod tests;
