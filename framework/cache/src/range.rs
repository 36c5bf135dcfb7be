//! Which bytes of a stored representation a request wants: `Range` and `If-Range` (RFC 9110 sections 13.1.5 and 14).
//!
//! Evaluated after the other conditions (`condition`). Whatever cannot be understood is ignored: the whole is always a
//! right answer.

use std::ops::Range;

use http::header::{DATE, IF_RANGE, LAST_MODIFIED, RANGE};
use http::{HeaderMap, Method, StatusCode};

use crate::entry::StoredHead;
use crate::etag::{EntityTag, strong_last_modified};
use crate::when::date_field;

/// How many ranges one request may have. Readers of documents ask for a handful; more is an attack (section 17.15).
const MAX_RANGES: usize = 16;

/// What to answer to a request that may have a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RangeAnswer {
    /// The whole: there is no range, or none that counts.
    Whole,
    /// These bytes, in the order of the request; at least one range, none empty, none beyond the end.
    Parts(Vec<Range<u64>>),
    /// The ranges are well-formed and all beyond the end: 416.
    Unsatisfiable,
}

/// Evaluates a request's ranges against a stored representation of `complete_length` bytes.
#[must_use]
pub fn evaluate(
    method: &Method,
    request_headers: &HeaderMap,
    head: &StoredHead,
    complete_length: u64,
) -> RangeAnswer {
    match specs(request_headers) {
        Some(specs) if applies(method, head.status) && still_wanted(request_headers, head) => {
            resolve(&specs, complete_length)
        }
        _ => RangeAnswer::Whole,
    }
}

/// Only GET has ranges (section 14.2), and only of what would be answered with 200, or of a stored part.
fn applies(method: &Method, status: StatusCode) -> bool {
    *method == Method::GET && matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT)
}

/// `If-Range`: a part is of use to the client only if it has the rest of the very same bytes, so the tag or the date
/// must be strong and equal (section 13.1.5). Two lines say nothing clear, which means the whole.
fn still_wanted(request_headers: &HeaderMap, head: &StoredHead) -> bool {
    let mut lines = request_headers.get_all(IF_RANGE).iter();
    match (lines.next(), lines.next()) {
        (None, _) => true,
        (Some(line), None) => same_tag(line.as_bytes(), head) || same_date(request_headers, head),
        (Some(_), Some(_)) => false,
    }
}

fn same_tag(line: &[u8], head: &StoredHead) -> bool {
    let (said, stored) = (EntityTag::parse(line), head.etag());
    said.zip(stored).is_some_and(|(said, stored)| said.strong_eq(stored))
}

fn same_date(request_headers: &HeaderMap, stored: &StoredHead) -> bool {
    let strong = || strong_last_modified(stored.date(&LAST_MODIFIED), stored.date(&DATE));
    let said = date_field(request_headers, IF_RANGE, stored.received_at_ms).at();
    said.is_some_and(|said| strong() == Some(said))
}

/// One member of the range set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spec {
    /// `5-` or `5-9`, the last byte included.
    From(u64, Option<u64>),
    /// `-5`: the last bytes.
    Last(u64),
}

/// The range set of one well-formed `Range: bytes=...`. A single invalid member makes all of it invalid.
fn specs(request_headers: &HeaderMap) -> Option<Vec<Spec>> {
    let mut lines = request_headers.get_all(RANGE).iter();
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    let (unit, set) = line.to_str().ok()?.split_once('=')?;
    let members = set.split(',').map(str::trim).filter(|member| !member.is_empty());
    let specs: Vec<Spec> = members.take(MAX_RANGES + 1).map(spec).collect::<Option<_>>()?;
    let counts =
        unit.trim().eq_ignore_ascii_case("bytes") && (1..=MAX_RANGES).contains(&specs.len());
    counts.then_some(specs)
}

fn spec(member: &str) -> Option<Spec> {
    match member.split_once('-')? {
        ("", count) => Some(Spec::Last(position(count)?)),
        (first, "") => Some(Spec::From(position(first)?, None)),
        (first, last) => {
            let (first, last) = (position(first)?, position(last)?);
            (first <= last).then_some(Spec::From(first, Some(last)))
        }
    }
}

/// Digits only; a position too large to count is beyond every end.
fn position(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

fn resolve(specs: &[Spec], complete_length: u64) -> RangeAnswer {
    let parts: Vec<Range<u64>> =
        specs.iter().filter_map(|spec| satisfy(*spec, complete_length)).collect();
    match parts.as_slice() {
        [] if has_suffix(specs) && complete_length == 0 => RangeAnswer::Whole,
        [] => RangeAnswer::Unsatisfiable,
        parts if is_egregious(parts, complete_length) => RangeAnswer::Whole,
        _ => RangeAnswer::Parts(parts),
    }
}

/// The last bytes of nothing are satisfiable, but no `Content-Range` can say so (section 14.1.2).
fn has_suffix(specs: &[Spec]) -> bool {
    specs.iter().any(|spec| matches!(spec, Spec::Last(1..)))
}

fn satisfy(spec: Spec, complete_length: u64) -> Option<Range<u64>> {
    let part = match spec {
        Spec::From(first, None) => first..complete_length,
        Spec::From(first, Some(last)) => first..last.saturating_add(1).min(complete_length),
        Spec::Last(count) => complete_length.saturating_sub(count)..complete_length,
    };
    (!part.is_empty()).then_some(part)
}

/// Several ranges that add up to more than the whole overlap: answering them would multiply the bytes sent.
fn is_egregious(parts: &[Range<u64>], complete_length: u64) -> bool {
    let length = |part: &Range<u64>| part.end.saturating_sub(part.start);
    let sum = parts.iter().map(length).fold(0, u64::saturating_add);
    parts.len() > 1 && sum > complete_length
}

#[cfg(test)]
mod tests;
