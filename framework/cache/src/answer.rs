//! The answer that a stored response gives: 200, 206, 304 or 416 (RFC 9111 sections 4, 4.3.2 and 5.1, RFC 9110
//! sections 13.2, 14.2 and 15.4.5).
//!
//! First the client's conditions, then its range, then the method. Whether the response may answer at all is decided
//! before (`reuse`), and so is whether a part has what the request wants (`partial`).

mod coming;
mod ranged;
mod text;

use std::ops::Range;

use bytes::Bytes;
use http::header::{
    ACCEPT_RANGES, AGE, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_LOCATION, DATE, ETAG, EXPIRES,
    IF_RANGE, LAST_MODIFIED, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

pub use self::coming::answer_coming;
use self::ranged::{partial_content, unsatisfiable};
pub use self::text::{Audience, Unlike, write_answer};
use crate::condition::{self, Condition};
use crate::entry::{Entry, StoredHead};
use crate::fields::decimal;
use crate::range::{self, RangeAnswer};
use crate::request::says_how;
use crate::when::MAX_SECONDS;

/// What a 304 carries beside `Age`: what a client or cache needs to update what it has (RFC 9110 section 15.4.5). The fields for
/// caches alone are among it, so that the next of our hops hears of a change; they are stripped towards clients.
const OF_NOT_MODIFIED: [HeaderName; 10] = [
    CACHE_CONTROL,
    CONTENT_LOCATION,
    DATE,
    ETAG,
    EXPIRES,
    VARY,
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("selvedge-cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
    HeaderName::from_static("surrogate-key"),
];

/// What only surrogates may see.
static OF_SURROGATES: [HeaderName; 2] =
    [HeaderName::from_static("surrogate-control"), HeaderName::from_static("surrogate-key")];

/// A complete answer from the cache.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its header section, with the exact `Content-Length` where there is one.
    pub headers: HeaderMap,
    /// Where its body comes from.
    pub body: BodyPlan,
}

/// What of the stored body is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyPlan {
    /// Nothing.
    Empty,
    /// All of it.
    Whole,
    /// These pieces in order.
    Pieces(Vec<Piece>),
}

/// A piece of an answer's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Text(Bytes),
    /// These bytes of the stored body, for [`StoredBody::slice`](crate::fill::StoredBody::slice).
    Slice(Range<u64>),
}

impl Piece {
    /// Its length in bytes.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Slice(range) => range.end.saturating_sub(range.start),
        }
    }
}

/// What an answer from the cache is.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// The stored response as it is, with [`answer_headers`] and this body.
    AsStored(BodyPlan),
    /// What the client's conditions or range made of it.
    Made(Answer),
}

/// Answers a request from `entry`.
///
/// A part that lacks what the request wants answers 504: it must never pass for the whole, and `partial::covers` keeps
/// such requests away.
#[must_use]
pub fn answer(entry: &Entry, method: &Method, request_headers: &HeaderMap, now_ms: u64) -> Answer {
    match form(entry, method, request_headers, now_ms) {
        Form::AsStored(body) => {
            Answer { status: entry.head.status, headers: answer_headers(entry, now_ms), body }
        }
        Form::Made(answer) => answer,
    }
}

/// The same for whoever may do without the header map of what is answered as it is stored.
#[must_use]
pub fn form(entry: &Entry, method: &Method, request_headers: &HeaderMap, now_ms: u64) -> Form {
    if entry.is_whole() && !says_how(request_headers) {
        return Form::AsStored(whole(entry, method));
    }
    if condition::evaluate(method, request_headers, &entry.head) == Condition::NotModified {
        return Form::Made(not_modified(&entry.head, now_ms));
    }
    let length = entry.complete_length().unwrap_or(u64::MAX);
    let headers = || answer_headers(entry, now_ms);
    match range::evaluate(method, request_headers, &entry.head, length) {
        RangeAnswer::Parts(ranges) if is_inside(entry, &ranges) => {
            let if_range = request_headers.contains_key(IF_RANGE);
            Form::Made(partial_content(entry, &ranges, headers(), if_range))
        }
        RangeAnswer::Unsatisfiable if entry.is_whole() => {
            Form::Made(unsatisfiable(&headers(), length))
        }
        _ if entry.is_whole() => Form::AsStored(whole(entry, method)),
        _ => Form::Made(missing()),
    }
}

/// The headers that a reuse of `entry` carries: the stored ones, `Age` as the floor of whole seconds, the exact
/// `Content-Length`, for HEAD as for GET, and the offer of ranges where `answer` serves them.
#[must_use]
pub fn answer_headers(entry: &Entry, now_ms: u64) -> HeaderMap {
    let mut headers = answer_headers_of(&entry.head, now_ms);
    set_content_length(&mut headers, entry.head.status, entry.body().len());
    headers
}

/// The stored headers with `Age` and the offer of ranges; about the body's length they say what the origin said.
#[must_use]
pub fn answer_headers_of(head: &StoredHead, now_ms: u64) -> HeaderMap {
    let mut headers = head.headers();
    headers.insert(AGE, age(head, now_ms));
    if offers_ranges(head.status) {
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    }
    headers
}

/// Removes what only surrogates may see, on the way to a client. Between our own hops it stays.
pub fn strip_surrogate(headers: &mut HeaderMap) {
    // Most answers have neither, and their names are looked at faster than looked up.
    if headers.keys().any(|name| OF_SURROGATES.contains(name)) {
        OF_SURROGATES.iter().for_each(|name| drop(headers.remove(name)));
    }
}

/// Whether the entry has all of these bytes. Ranges that add up to more than what is stored are refused, as they are
/// of the whole: they overlap, and answering them would multiply the bytes sent (RFC 9110 section 17.15).
pub(crate) fn is_inside(entry: &Entry, ranges: &[Range<u64>]) -> bool {
    let stored = entry.bytes();
    let length = |range: &Range<u64>| range.end.saturating_sub(range.start);
    let sum = ranges.iter().map(length).fold(0, u64::saturating_add);
    let inside = |range: &Range<u64>| stored.start <= range.start && range.end <= stored.end;
    sum <= length(&stored) && ranges.iter().all(inside)
}

/// The floor of whole seconds (RFC 9111 section 5.1).
fn age(head: &StoredHead, now_ms: u64) -> HeaderValue {
    decimal(age_seconds(head, now_ms))
}

fn age_seconds(head: &StoredHead, now_ms: u64) -> u64 {
    (head.age_ms(now_ms) / 1000).min(MAX_SECONDS)
}

fn offers_ranges(status: StatusCode) -> bool {
    matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT)
}

/// 204 must not have a `Content-Length` (RFC 9110 section 8.6).
fn set_content_length(headers: &mut HeaderMap, status: StatusCode, length: u64) {
    if status == StatusCode::NO_CONTENT {
        headers.remove(CONTENT_LENGTH);
    } else if !says_length(headers, length) {
        headers.insert(CONTENT_LENGTH, decimal(length));
    }
}

/// Most stored headers do: a hit changes nothing then.
fn says_length(headers: &HeaderMap, length: u64) -> bool {
    let mut lines = headers.get_all(CONTENT_LENGTH).iter();
    let said =
        |line: &HeaderValue| line.as_bytes() == itoa::Buffer::new().format(length).as_bytes();
    lines.next().is_some_and(said) && lines.next().is_none()
}

fn whole(entry: &Entry, method: &Method) -> BodyPlan {
    match *method == Method::HEAD || entry.body().is_empty() {
        true => BodyPlan::Empty,
        false => BodyPlan::Whole,
    }
}

fn not_modified(head: &StoredHead, now_ms: u64) -> Answer {
    let all = &head.headers();
    let mut headers = only(all, &OF_NOT_MODIFIED);
    headers.insert(AGE, age(head, now_ms));
    // Without a tag the date is what the client's copy is recognised by.
    if let (false, Some(modified)) = (headers.contains_key(ETAG), all.get(LAST_MODIFIED)) {
        headers.insert(LAST_MODIFIED, modified.clone());
    }
    Answer { status: StatusCode::NOT_MODIFIED, headers, body: BodyPlan::Empty }
}

fn missing() -> Answer {
    let headers = HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from(0))]);
    Answer { status: StatusCode::GATEWAY_TIMEOUT, headers, body: BodyPlan::Empty }
}

fn only(all: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let kept = all.iter().filter(|(name, _)| names.contains(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests;
