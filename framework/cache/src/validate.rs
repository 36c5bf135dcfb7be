//! The request to the origin that asks whether what is stored is still current (RFC 9111 section 4.3.1).

use http::header::{
    ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, LAST_MODIFIED,
    RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::entry::{Entry, StoredHead};

/// How long `If-None-Match` may grow, in tags and in bytes: a key can have any number of variants, origins compare each
/// tag, and refuse long headers.
const MAX_TAGS: usize = 32;
const MAX_TAG_BYTES: usize = 4096;

/// What makes an answer depend on what the client has, or be less than the whole.
const CLIENT_CONDITIONS: [HeaderName; 6] =
    [IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_MATCH, IF_UNMODIFIED_SINCE, IF_RANGE, RANGE];

/// Turns a request into a validation of `candidates`, the best first: `If-None-Match` with their tags, weak ones too,
/// and `If-Modified-Since` with the `Last-Modified` of the best. The client's own conditions and `Range` go: the
/// answer is for the cache, which answers the client's conditions itself afterwards.
///
/// When the best has no tag the others' are left out, as a tag would silence the date that is its only validator. The
/// date of a variant for other request headers is not sent: it cannot tell variants apart, as tags do (section 4.1).
/// Without any validator it is a plain request.
pub fn make_conditional(request: &mut HeaderMap, candidates: &[Entry]) {
    let modified = candidates.first().and_then(|best| date_of(best, request));
    strip_for_storing(request);
    let best_tag = candidates.first().and_then(|best| best.head.etag());
    let speaks_by_date = modified.is_some() && best_tag.is_none();
    if !speaks_by_date && let Some(tags) = tag_list(candidates) {
        request.insert(IF_NONE_MATCH, tags);
    }
    if let Some(modified) = modified {
        request.insert(IF_MODIFIED_SINCE, modified);
    }
}

/// Removes all that a fetch on the cache's own account, such as a refresh in the background, must not carry of the
/// client's request: its conditions, which a 304 or 412 would answer, and `Range`.
///
/// A client's own request with nothing stored is not touched: its conditions and its range are the origin's to answer,
/// and the answer is the client's.
pub fn strip_for_storing(request: &mut HeaderMap) {
    for name in CLIENT_CONDITIONS {
        request.remove(name);
    }
}

/// Whether the answer depends on what the client has, or is less than the whole.
#[must_use]
pub fn is_conditional(request: &HeaderMap) -> bool {
    CLIENT_CONDITIONS.iter().any(|name| request.contains_key(name))
}

/// Whether the origin can be asked about it with a 304 for an answer.
#[must_use]
pub fn can_validate(entry: &Entry) -> bool {
    entry.head.etag().is_some() || last_modified(&entry.head).is_some()
}

fn date_of(best: &Entry, request: &HeaderMap) -> Option<HeaderValue> {
    let is_for_request = best.head.variant.matches(request);
    is_for_request.then(|| last_modified(&best.head)).flatten()
}

/// The stored bytes of it, once; a text that is no date would be no condition.
fn last_modified(head: &StoredHead) -> Option<HeaderValue> {
    head.date(&LAST_MODIFIED).at()?;
    HeaderValue::from_bytes(head.get(&LAST_MODIFIED)?).ok()
}

fn tag_list(candidates: &[Entry]) -> Option<HeaderValue> {
    let mut tags: Vec<&[u8]> = Vec::new();
    let mut room = MAX_TAG_BYTES;
    for tag in candidates.iter().filter_map(|entry| entry.head.etag()) {
        let tag = tag.as_bytes();
        // The best one is sent however long it is: the origin made it.
        let fits = tags.is_empty() || (tag.len() <= room && tags.len() < MAX_TAGS);
        if fits && !tags.contains(&tag) {
            room = room.saturating_sub(tag.len() + 2);
            tags.push(tag);
        }
    }
    match tags.as_slice() {
        [] => None,
        [only] => only_tag(candidates, only),
        _ => HeaderValue::from_bytes(&tags.join(&b", "[..])).ok(),
    }
}

/// A single tag is sent as the very value that is stored.
fn only_tag(candidates: &[Entry], tag: &[u8]) -> Option<HeaderValue> {
    let mut values = candidates.iter().filter_map(|entry| entry.head.get(&ETAG));
    let value = values.find(|value| value.trim_ascii() == tag)?;
    HeaderValue::from_bytes(value).ok()
}

#[cfg(test)]
mod tests;
