//! Several ranges in one body: `multipart/byteranges` (RFC 9110 section 14.6).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_TYPE, ETAG};

use crate::answer::Piece;
use crate::entry::Entry;

/// A body of several parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Multipart {
    /// `multipart/byteranges` with its boundary.
    pub(crate) content_type: HeaderValue,
    /// Heads and bytes in turn.
    pub(crate) pieces: Vec<Piece>,
    /// The length of it all.
    pub(crate) len: u64,
}

/// The body that holds these ranges of the representation, each with its own head.
pub(crate) fn multipart(entry: &Entry, ranges: &[Range<u64>]) -> Multipart {
    let boundary = boundary(entry);
    let mut pieces = Vec::with_capacity(ranges.len() * 2 + 1);
    for range in ranges {
        pieces.push(Piece::Text(part_head(entry, range, &boundary, pieces.is_empty())));
        pieces.push(Piece::Slice(in_body(entry, range)));
    }
    pieces.push(Piece::Text(format!("\r\n--{boundary}--\r\n").into()));
    let len = pieces.iter().map(Piece::len).fold(0, u64::saturating_add);
    Multipart { content_type: content_type(&boundary), pieces, len }
}

/// The value of `Content-Range` for a range of a representation of this length, where it is known.
pub(crate) fn content_range(complete_length: Option<u64>, range: &Range<u64>) -> String {
    let last = range.end.saturating_sub(1);
    match complete_length {
        Some(length) => format!("bytes {}-{last}/{length}", range.start),
        None => format!("bytes {}-{last}/*", range.start),
    }
}

/// A range of the representation as a range of the stored body.
pub(crate) fn in_body(entry: &Entry, range: &Range<u64>) -> Range<u64> {
    let start = entry.bytes().start;
    range.start.saturating_sub(start)..range.end.saturating_sub(start)
}

fn part_head(entry: &Entry, range: &Range<u64>, boundary: &str, is_first: bool) -> Bytes {
    let mut head = Vec::new();
    head.extend_from_slice(if is_first { b"--" } else { b"\r\n--" });
    head.extend_from_slice(boundary.as_bytes());
    if let Some(content_type) = entry.head.get(&CONTENT_TYPE) {
        head.extend_from_slice(b"\r\nContent-Type: ");
        head.extend_from_slice(content_type);
    }
    head.extend_from_slice(b"\r\nContent-Range: ");
    head.extend_from_slice(content_range(entry.complete_length(), range).as_bytes());
    head.extend_from_slice(b"\r\n\r\n");
    head.into()
}

/// The same entry always has the same boundary, so that a client can resume.
///
/// It must not occur in the bytes. By chance it does so with a probability of about the body's length in 2^128. An
/// author who guesses the time of receipt could write it into the body, but gains nothing: what a forged delimiter
/// adds are parts of a body that is the author's anyway, from the author's own origin. So the bytes are not searched.
fn boundary(entry: &Entry) -> String {
    format!("{:016x}{:016x}", hash(entry, 0), hash(entry, 1))
}

fn hash(entry: &Entry, salt: u8) -> u64 {
    let mut hasher = DefaultHasher::new();
    let tag = entry.head.get(&ETAG);
    (salt, tag, entry.head.received_at_ms, entry.head.made_at_ms()).hash(&mut hasher);
    (entry.body().len(), entry.complete_length()).hash(&mut hasher);
    hasher.finish()
}

fn content_type(boundary: &str) -> HeaderValue {
    let value = HeaderValue::from_str(&format!("multipart/byteranges; boundary={boundary}"));
    // Hexadecimal digits always make a value.
    value.unwrap_or_else(|_| HeaderValue::from_static("multipart/byteranges"))
}

#[cfg(test)]
mod tests;
