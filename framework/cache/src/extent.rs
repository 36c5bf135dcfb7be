//! How much of a representation is stored, and `Content-Range`, which says so on the wire (RFC 9110 section 14.4).

use std::ops::Range;

use http::HeaderMap;
use http::header::CONTENT_RANGE;

/// How much of its representation an entry has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// Its bytes from `start` on, as many as the body is long.
    Part {
        /// The offset of the body's first byte.
        start: u64,
        /// The length of the whole, where the origin said it.
        complete_length: Option<u64>,
    },
}

/// The part that a 206 holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentRange {
    /// Its bytes; never empty.
    pub bytes: Range<u64>,
    /// The length of the whole; `None` for `*`.
    pub complete_length: Option<u64>,
}

impl ContentRange {
    /// How many bytes the part has.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.bytes.end.saturating_sub(self.bytes.start)
    }

    /// Whether the part has no bytes, which no `Content-Range` can say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Why a response does not say which part it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRange {
    /// There is no `Content-Range`; the parts of `multipart/byteranges` have theirs inside.
    Absent,
    /// It counts in another unit than bytes.
    ForeignUnit,
    /// It is outside the grammar, there twice, or invalid: the last byte before the first, or the length not above
    /// the last byte.
    Invalid,
}

/// Reads `Content-Range`.
///
/// # Errors
///
/// Why the response must be forwarded as it is and never combined (RFC 9110 section 14.4).
pub fn range_of(headers: &HeaderMap) -> Result<ContentRange, NoRange> {
    let mut lines = headers.get_all(CONTENT_RANGE).iter();
    match (lines.next(), lines.next()) {
        (None, _) => Err(NoRange::Absent),
        (Some(line), None) => parse(line.as_bytes().trim_ascii()),
        (Some(_), Some(_)) => Err(NoRange::Invalid),
    }
}

/// `bytes 0-4/10`
fn parse(text: &[u8]) -> Result<ContentRange, NoRange> {
    let (unit, rest) = split(text, b' ').ok_or(NoRange::Invalid)?;
    if !unit.eq_ignore_ascii_case(b"bytes") {
        return Err(NoRange::ForeignUnit);
    }
    bytes_range(rest).ok_or(NoRange::Invalid)
}

fn bytes_range(text: &[u8]) -> Option<ContentRange> {
    let (range, complete) = split(text, b'/')?;
    let (first, last) = split(range, b'-')?;
    let bytes = position(first)?..position(last)?.checked_add(1)?;
    let complete_length = match complete {
        b"*" => None,
        digits => Some(position(digits)?),
    };
    let fits = complete_length.is_none_or(|length| bytes.end <= length);
    (fits && !bytes.is_empty()).then_some(ContentRange { bytes, complete_length })
}

/// Digits only; what no `u64` holds is no position that could be combined.
fn position(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|byte| *byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

#[cfg(test)]
mod tests;
