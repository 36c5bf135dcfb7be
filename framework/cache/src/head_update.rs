//! What a 200 to HEAD tells about the stored answers to GET (RFC 9111 section 4.3.5).

use http::header::{CONTENT_LENGTH, ETAG, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, StatusCode};

use crate::entry::Entry;
use crate::storable::ResponseView;

/// What tells one version from another.
const VALIDATORS: [HeaderName; 2] = [ETAG, LAST_MODIFIED];

/// What becomes of a stored answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadUpdate {
    /// It is still the same: [`merge::updated`](crate::merge::updated) with the headers of the HEAD.
    Update,
    /// It is another by now: [`Entry::expired`] takes its place.
    Outdated,
    /// The response says nothing about it: no more of it is known than before.
    Nothing,
}

/// Judges each entry that the request could have been answered with, had it been a GET.
///
/// The stored answer is still the same if whatever of `ETag`, `Last-Modified` and `Content-Length` the response has is
/// equal there, and one of the first two is: equal lengths are no proof, and what has expired or was purged must not come
/// back to life by them.
#[must_use]
pub fn judge(entry: &Entry, response: &ResponseView<'_>) -> HeadUpdate {
    let stored = &entry.head.headers();
    let agrees = |name: &HeaderName| agrees(stored, response.headers, name);
    let is_proven = VALIDATORS.iter().any(|name| response.headers.contains_key(name));
    let is_same = VALIDATORS.iter().all(agrees) && length_agrees(entry, response.headers);
    match response.status {
        StatusCode::OK if entry.head.status != StatusCode::OK || !is_same => HeadUpdate::Outdated,
        StatusCode::OK if is_proven => HeadUpdate::Update,
        _ => HeadUpdate::Nothing,
    }
}

fn agrees(stored: &HeaderMap, received: &HeaderMap, name: &HeaderName) -> bool {
    let mut lines = received.get_all(name).iter();
    lines.all(|line| stored.get(name) == Some(line))
}

fn length_agrees(entry: &Entry, received: &HeaderMap) -> bool {
    let stored = entry.complete_length();
    let mut lines = received.get_all(CONTENT_LENGTH).iter();
    lines.all(|line| {
        let said = line.to_str().ok().and_then(|text| text.trim().parse::<u64>().ok());
        said.is_some() && said == stored
    })
}

#[cfg(test)]
mod tests;
