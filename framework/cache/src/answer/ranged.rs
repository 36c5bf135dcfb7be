//! The answers to a range: 206 and 416 (RFC 9110 sections 15.3.7 and 15.5.17).

use std::ops::Range;

use http::header::{
    ACCEPT_RANGES, AGE, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, DATE, LAST_MODIFIED, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{Answer, BodyPlan, Piece, only};
use crate::entry::Entry;
use crate::multipart::{content_range, in_body, multipart};
use crate::partial::without_digest;

/// What a 416 carries. Not `Cache-Control`, or else a cache might keep it for requests without a range.
const OF_UNSATISFIABLE: [HeaderName; 3] = [AGE, DATE, VARY];

/// What a client with the right `If-Range` has already (RFC 9110 section 15.3.7).
const KNOWN_BY_IF_RANGE: [HeaderName; 4] =
    [CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, LAST_MODIFIED];

/// One range is sent as it is, several in an envelope, and never one in an envelope (RFC 9110 section 15.3.7.2).
pub(super) fn partial_content(
    entry: &Entry,
    ranges: &[Range<u64>],
    headers: HeaderMap,
    if_range: bool,
) -> Answer {
    match ranges {
        [range] => {
            let slice = in_body(entry, range);
            ranged(range, slice, entry.complete_length(), headers, if_range)
        }
        _ => enveloped(entry, ranges, without_known(headers, if_range)),
    }
}

/// One range of a body that is kept, or will be, from its first byte on.
pub(super) fn one_range(
    range: &Range<u64>,
    length: Option<u64>,
    headers: HeaderMap,
    if_range: bool,
) -> Answer {
    ranged(range, range.clone(), length, headers, if_range)
}

/// `range` of the representation, which is `slice` of the body.
fn ranged(
    range: &Range<u64>,
    slice: Range<u64>,
    length: Option<u64>,
    headers: HeaderMap,
    if_range: bool,
) -> Answer {
    let mut headers = without_known(headers, if_range);
    set_content_range(&mut headers, &content_range(length, range));
    let piece = Piece::Slice(slice);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(piece.len()));
    let body = BodyPlan::Pieces(vec![piece]);
    Answer { status: StatusCode::PARTIAL_CONTENT, headers, body }
}

fn enveloped(entry: &Entry, ranges: &[Range<u64>], mut headers: HeaderMap) -> Answer {
    let envelope = multipart(entry, ranges);
    headers.remove(CONTENT_RANGE);
    headers.insert(CONTENT_TYPE, envelope.content_type);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(envelope.len));
    let body = BodyPlan::Pieces(envelope.pieces);
    Answer { status: StatusCode::PARTIAL_CONTENT, headers, body }
}

/// A part has another digest than the whole, and `If-Range` makes some fields needless.
fn without_known(mut headers: HeaderMap, if_range: bool) -> HeaderMap {
    without_digest(&mut headers);
    let known = KNOWN_BY_IF_RANGE.iter().filter(|_| if_range);
    known.for_each(|name| drop(headers.remove(name)));
    headers
}

pub(super) fn unsatisfiable(all: &HeaderMap, length: u64) -> Answer {
    let mut headers = only(all, &OF_UNSATISFIABLE);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
    set_content_range(&mut headers, &format!("bytes */{length}"));
    Answer { status: StatusCode::RANGE_NOT_SATISFIABLE, headers, body: BodyPlan::Empty }
}

fn set_content_range(headers: &mut HeaderMap, value: &str) {
    // Numbers and ASCII words always make a value.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(CONTENT_RANGE, value);
    }
}
