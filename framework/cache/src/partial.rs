//! Parts of representations: storing a 206 or what came of a broken 200, answering from them, and putting them
//! together (RFC 9111 sections 3.3 and 3.4, RFC 9110 section 15.3.7.3).
//!
//! A part never passes for the whole: [`Shelf::find`](crate::Shelf::find) does not show it, and `answer` takes from it
//! only ranges that it [`covers`]. Two parts are put together only under the same strong tag; a date is not enough.

use std::ops::Range;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::answer::is_inside;
use crate::decision::NoStore;
use crate::entry::{Entry, StoredHead};
pub use crate::extent::{ContentRange, Extent, NoRange, range_of};
use crate::fill::StoredBody;
use crate::fresh::Freshness;
use crate::merge::merged_headers;
use crate::policy::{Override, Policy};
use crate::range::{self, RangeAnswer};
use crate::storable::{RequestView, ResponseView, storable};
use crate::when::Times;

/// Fields about the bytes of the message that they came in.
const OF_THE_MESSAGE: [HeaderName; 2] =
    [HeaderName::from_static("content-digest"), HeaderName::from_static("content-md5")];

/// Decides whether a 206 may be stored as a part, and how long it is fresh: as a 200 would be, if it says which bytes
/// it has and its declared length is theirs.
///
/// The answer to an `If-Range` lacks headers that its reader has already (RFC 9110 section 15.3.7). It is stored only
/// when [`absorb`] completes it from what is there.
///
/// # Errors
///
/// What forbids a 200 with these headers, or [`NoStore::PartialContent`] for any other status and for a part that does
/// not say clearly what it is; such a one is forwarded as it came.
pub fn part_storable(
    request: &RequestView<'_>,
    response: &ResponseView<'_>,
    policy: &Policy,
    over: &Override,
    times: Times,
) -> Result<(Freshness, ContentRange), NoStore> {
    let range = match response.status {
        StatusCode::PARTIAL_CONTENT => range_of(response.headers),
        _ => Err(NoRange::Absent),
    };
    let range = range.map_err(|_| NoStore::PartialContent)?;
    let whole = ResponseView { status: StatusCode::OK, headers: response.headers };
    let freshness = storable(request, &whole, policy, over, times)?;
    match declares(response.headers, range.len()) {
        true => Ok((freshness, range)),
        false => Err(NoStore::PartialContent),
    }
}

/// The entry of a 206; one that has all the bytes is the whole after all.
///
/// # Errors
///
/// [`NoStore::Incomplete`] when the body is not as long as `range` says.
pub fn part(head: StoredHead, body: StoredBody, range: &ContentRange) -> Result<Entry, NoStore> {
    match body.len() == range.len() {
        true => Ok(assemble(head, body, range.bytes.start, range.complete_length)),
        false => Err(NoStore::Incomplete),
    }
}

/// The entry of a 200 whose body broke off: its beginning, marked as a part. `declared_length` is its
/// `Content-Length`.
///
/// # Errors
///
/// [`NoStore::Incomplete`] for another status, and when there is nothing to keep or nothing missing.
pub fn incomplete(
    head: StoredHead,
    body: StoredBody,
    declared_length: Option<u64>,
) -> Result<Entry, NoStore> {
    let is_beginning = declared_length.is_none_or(|length| body.len() < length);
    match head.status == StatusCode::OK && is_beginning && !body.is_empty() {
        true => Ok(assemble(head, body, 0, declared_length)),
        false => Err(NoStore::Incomplete),
    }
}

/// Whether the entry has every byte that the request wants. Without a usable range it wants the whole.
#[must_use]
pub fn covers(entry: &Entry, method: &Method, request_headers: &HeaderMap) -> bool {
    // Beyond an unknown end no open range can be inside.
    let length = entry.complete_length().unwrap_or(u64::MAX);
    match range::evaluate(method, request_headers, &entry.head, length) {
        RangeAnswer::Parts(ranges) => is_inside(entry, &ranges),
        RangeAnswer::Whole | RangeAnswer::Unsatisfiable => entry.is_whole(),
    }
}

/// Puts a new part together with the stored parts that touch it, which need not be in order. What does not belong to
/// the same version, or leaves a gap, is left alone.
#[must_use]
pub fn absorb(new: Entry, stored: &[Entry]) -> Entry {
    let mut stored: Vec<&Entry> = stored.iter().collect();
    stored.sort_by_key(|entry| entry.bytes().start);
    stored.into_iter().fold(new, |sum, part| combine(part, &sum).unwrap_or(sum))
}

/// Two entries of the same version as one, if they touch or overlap (section 3.4). The newer one's headers count and
/// are completed by the older one's; its age and lifetime are those of the sum.
#[must_use]
pub fn combine(older: &Entry, newer: &Entry) -> Option<Entry> {
    let fits = is_same_version(older, newer) && touches(&older.bytes(), &newer.bytes());
    let complete_length = fits.then(|| agreed_length(older, newer)).flatten()?;
    let mut headers = merged_headers(&older.head.headers(), &newer.head.headers());
    without_digest(&mut headers);
    let head = newer.head.renewed(&headers, newer.head.freshness(), newer.head.received_at_ms);
    let start = older.bytes().start.min(newer.bytes().start);
    Some(assemble(head, joined(older, newer), start, complete_length))
}

/// Takes off what was reckoned from the bytes of one message, which others have taken the place of (RFC 9530 section 2).
/// `Repr-Digest` is about the whole and stays.
pub(crate) fn without_digest(headers: &mut HeaderMap) {
    OF_THE_MESSAGE.iter().for_each(|name| drop(headers.remove(name)));
}

/// Whether both have the same strong tag, and so are of the very same bytes.
pub(crate) fn is_same_version(one: &Entry, other: &Entry) -> bool {
    let (one, other) = (one.head.etag(), other.head.etag());
    one.zip(other).is_some_and(|(one, other)| one.strong_eq(other))
}

/// A part's head says 206 and leaves `Content-Range` and `Content-Length` to `answer`; the whole is a 200.
fn assemble(head: StoredHead, body: StoredBody, start: u64, complete_length: Option<u64>) -> Entry {
    let head = head.without(&[CONTENT_RANGE, CONTENT_LENGTH]);
    let is_whole = start == 0 && complete_length == Some(body.len());
    let (status, extent) = match is_whole {
        true => (StatusCode::OK, Extent::Whole),
        false => (StatusCode::PARTIAL_CONTENT, Extent::Part { start, complete_length }),
    };
    Entry::of(&head.with_status(status), &body, extent)
}

/// Without `Content-Length` the body's end must show; with it, it must be the part's length.
pub(crate) fn declares(headers: &HeaderMap, length: u64) -> bool {
    let mut lines = headers.get_all(CONTENT_LENGTH).iter();
    lines.all(|line| line.to_str().ok().and_then(|text| text.trim().parse().ok()) == Some(length))
}

fn touches(one: &Range<u64>, other: &Range<u64>) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// The complete length that at least one knows and none denies; the outer `None` means that they contradict, also by
/// having bytes beyond the end.
fn agreed_length(older: &Entry, newer: &Entry) -> Option<Option<u64>> {
    let end = older.bytes().end.max(newer.bytes().end);
    match (older.complete_length(), newer.complete_length()) {
        (Some(one), Some(other)) if one != other => None,
        (Some(length), _) | (None, Some(length)) => (end <= length).then_some(Some(length)),
        (None, None) => Some(None),
    }
}

/// The bytes of both in order: where they overlap they are the same.
fn joined(older: &Entry, newer: &Entry) -> StoredBody {
    let starts_first = older.bytes().start <= newer.bytes().start;
    let (first, second) = if starts_first { (older, newer) } else { (newer, older) };
    let overlap = first.bytes().end.saturating_sub(second.bytes().start);
    let (first, second) = (first.body().rest(0), second.body().rest(overlap));
    StoredBody::of_chunks(first.into_iter().chain(second).collect())
}

#[cfg(test)]
mod tests;
