//! The rest of a part: asking the origin for the bytes that are missing only, and putting the whole together as they
//! come (RFC 9111 section 3.4, RFC 9110 sections 13.1.5 and 15.3.7.3).
//!
//! [`decide`](crate::decide::decide) finds the part. `If-Range` with its strong tag makes the origin send either the
//! missing bytes of that very version or the whole of a newer one; any other answer to a range is not understood, and
//! the whole is asked for. What is put together is a 200 like one that came in one piece, and is judged as such.

use std::ops::Range;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::body::StoredBody;
use crate::entry::Entry;
use crate::etag::EntityTag;
use crate::extent::range_of;
use crate::merge::merged_headers;
use crate::partial::{declares, without_digest};
use crate::storable::{RequestView, ResponseView};
use crate::validate::is_conditional;

/// A stored part that lacks bytes at one end, and those bytes.
#[derive(Debug, Clone)]
pub struct Rest {
    part: Entry,
    tag: HeaderValue,
    missing: Range<u64>,
    complete_length: u64,
}

/// What an answer to the question for the rest is.
#[derive(Debug)]
pub enum Answered {
    /// The missing bytes: with these headers, a status of 200, and its body between [`Rest::before`] and
    /// [`Rest::after`] it is the whole. The body has to have as many bytes as [`Rest::missing`].
    Rest(HeaderMap),
    /// Something that does not fit what is stored: the whole has to be asked for.
    Unfit,
    /// An answer like any other.
    Other,
}

/// The part with the most bytes that the origin can be asked to complete, for a plain GET.
#[must_use]
pub fn rest(request: &RequestView<'_>, parts: &[Entry]) -> Option<Rest> {
    if request.method != Method::GET || is_conditional(request.headers) {
        return None;
    }
    let rests = parts.iter().filter_map(Rest::of);
    rests.min_by_key(|rest| rest.missing.end - rest.missing.start)
}

impl Rest {
    fn of(part: &Entry) -> Option<Self> {
        let complete_length = part.complete_length()?;
        let tag = part.head.etag().filter(|tag| tag.is_strong())?;
        let tag = HeaderValue::from_bytes(tag.as_bytes()).ok()?;
        let has = part.bytes();
        let missing = match has.start {
            0 => has.end..complete_length,
            start if has.end == complete_length => 0..start,
            _ => return None,
        };
        let part = part.clone();
        (!missing.is_empty()).then_some(Self { part, tag, missing, complete_length })
    }

    /// Makes a request ask for it.
    pub fn ask(&self, request: &mut HeaderMap) {
        let Range { start, end } = self.missing;
        // Up to the end without saying where it is, so that an origin need not agree about that to be asked.
        let range = match end == self.complete_length {
            true => format!("bytes={start}-"),
            false => format!("bytes={start}-{}", end.saturating_sub(1)),
        };
        request.extend(HeaderValue::from_str(&range).ok().map(|range| (RANGE, range)));
        request.insert(IF_RANGE, self.tag.clone());
    }

    /// What came back.
    #[must_use]
    pub fn judge(&self, response: &ResponseView<'_>) -> Answered {
        match response.status {
            StatusCode::PARTIAL_CONTENT if self.fits(response.headers) => {
                Answered::Rest(self.whole(response.headers))
            }
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => Answered::Unfit,
            _ => Answered::Other,
        }
    }

    /// The bytes that are asked for, in the representation.
    #[must_use]
    pub fn missing(&self) -> Range<u64> {
        self.missing.clone()
    }

    /// What is stored and goes ahead of the rest.
    #[must_use]
    pub fn before(&self) -> Option<&StoredBody> {
        (self.missing.start > 0).then_some(self.part.body())
    }

    /// What is stored and comes after it.
    #[must_use]
    pub fn after(&self) -> Option<&StoredBody> {
        (self.missing.start == 0).then_some(self.part.body())
    }

    /// A 206 to a range repeats the tag of what it is a part of.
    fn fits(&self, headers: &HeaderMap) -> bool {
        let theirs = EntityTag::of(headers);
        let ours = self.part.head.etag();
        let same = ours.zip(theirs).is_some_and(|(ours, theirs)| ours.strong_eq(theirs));
        let range = range_of(headers).ok().filter(|range| {
            range.bytes == self.missing && range.complete_length == Some(self.complete_length)
        });
        same && range.is_some_and(|range| declares(headers, range.len()))
    }

    fn whole(&self, newer: &HeaderMap) -> HeaderMap {
        let mut headers = merged_headers(&self.part.head.headers(), newer);
        without_digest(&mut headers);
        headers.remove(CONTENT_RANGE);
        headers.insert(ETAG, self.tag.clone());
        headers.insert(CONTENT_LENGTH, HeaderValue::from(self.complete_length));
        headers
    }
}

#[cfg(test)]
mod tests;
