//! The header section of an answer from the cache (RFC 9111 sections 4 and 5.1).
//!
//! Makes no conditional or partial answers.

use http::header::{AGE, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::entry::Entry;
use crate::when::MAX_SECONDS;

/// The headers that a reuse of `entry` carries: the stored ones, `Age` as the floor of whole seconds, and the exact
/// `Content-Length`, for HEAD as for GET.
#[must_use]
pub fn answer_headers(entry: &Entry, now_ms: u64) -> HeaderMap {
    let mut headers = entry.head.headers.clone();
    let age = (entry.head.age_ms(now_ms) / 1000).min(MAX_SECONDS);
    headers.insert(AGE, HeaderValue::from(age));
    set_content_length(&mut headers, entry);
    headers
}

/// 204 must not have a `Content-Length` (RFC 9110 section 8.6).
fn set_content_length(headers: &mut HeaderMap, entry: &Entry) {
    if entry.head.status == StatusCode::NO_CONTENT {
        headers.remove(CONTENT_LENGTH);
    } else {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(entry.body.len()));
    }
}

/// Removes what only surrogates may see, on the way to a client. Between our own hops it stays.
pub fn strip_surrogate(headers: &mut HeaderMap) {
    headers.remove("surrogate-control");
    headers.remove("surrogate-key");
}
