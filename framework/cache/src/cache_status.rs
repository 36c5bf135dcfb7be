//! Our member of the `Cache-Status` header (RFC 9211), as text to append at the end of the list.

use std::io::Write as _;

use http::StatusCode;

use crate::decision::{MissReason, Verdict};
use crate::fields::write_decimal;

/// The largest integer that structured fields can say (RFC 9651 section 3.3.1).
const MAX_INTEGER: u64 = 999_999_999_999_999;

/// What a member seldom exceeds, in bytes.
const LENGTH: usize = 64;

/// What one hop tells about a response. [`StatusMember::of`] tells the verdict alone; the rest is added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusMember<'a> {
    /// What the cache did.
    pub verdict: Verdict,
    /// The status that the next hop answered with, where it differs from ours; see [`StatusMember::forwarded`].
    pub fwd_status: Option<u16>,
    /// What remains of the freshness lifetime in milliseconds, negative when stale; shown as the floor of seconds.
    pub ttl_ms: Option<i64>,
    /// Whether the response was stored; shown on forwarded requests only.
    pub stored: bool,
    /// Whether the request was put together with others that wait for the same answer, and whether that gave it its
    /// answer; shown on forwarded requests only.
    pub collapsed: Option<bool>,
    /// The cache key as text, for developers.
    pub key: Option<&'a str>,
    /// A named reason. A pass, a stale and a synthetic answer say theirs without it.
    pub detail: Option<&'a str>,
}

impl StatusMember<'_> {
    /// What a verdict alone tells.
    #[must_use]
    pub fn of(verdict: Verdict) -> Self {
        let (fwd_status, ttl_ms, stored) = (None, None, false);
        let (collapsed, key, detail) = (None, None, None);
        Self { verdict, fwd_status, ttl_ms, stored, collapsed, key, detail }
    }

    /// Notes the status that the next hop answered with, if it is not the one that we answer with (RFC 9211 section
    /// 2.3): a 304 that became a 200 from the store, an error that a stale response stands in for.
    #[must_use]
    pub fn forwarded(self, theirs: StatusCode, ours: StatusCode) -> Self {
        Self { fwd_status: (theirs != ours).then_some(theirs.as_u16()), ..self }
    }
}

/// The member of the cache whose id these texts make (`LHR`, `/`, `catalog`), such as
/// `"LHR/catalog"; fwd=uri-miss; stored`.
///
/// It says either `hit` or `fwd`, never both, and what belongs to a forwarded request only beside `fwd` (sections 2.3,
/// 2.5 and 2.6). A synthetic answer has neither; RFC 9211 section 2 would rather see no member for those.
#[must_use]
pub fn member(id: &[&str], status: &StatusMember<'_>) -> String {
    let mut out = Vec::with_capacity(LENGTH);
    push_quoted(&mut out, id);
    push_parameters(&mut out, status);
    // It is made of texts.
    String::from_utf8(out).unwrap_or_default()
}

/// The same, written, of a cache whose id has nothing in it that a string would have to escape, such as names.
pub fn write_plain_member(id: &[&str], status: &StatusMember<'_>, out: &mut Vec<u8>) {
    out.push(b'"');
    id.iter().for_each(|text| push(out, text));
    out.push(b'"');
    push_parameters(out, status);
}

fn push_parameters(out: &mut Vec<u8>, status: &StatusMember<'_>) {
    match way(status.verdict) {
        Way::Hit => push(out, "; hit"),
        Way::Forwarded(word) => push_forwarded(out, word, status),
        Way::Neither => {}
    }
    if let Some(ms) = status.ttl_ms {
        push(out, "; ttl=");
        push_integer(out, ms.div_euclid(1000));
    }
    if let Some(key) = status.key {
        push(out, "; key=");
        push_quoted(out, &[key]);
    }
    if let Some(detail) = detail(status) {
        push(out, "; detail=");
        push_token_or_quoted(out, detail);
    }
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// How the answer came about, as the header sees it.
enum Way {
    Hit,
    /// With the most specific word of section 2.2 that is true.
    Forwarded(&'static str),
    Neither,
}

/// A stale answer that nobody was asked for is a hit; one that stands in for a failed validation was forwarded.
fn way(verdict: Verdict) -> Way {
    match verdict {
        Verdict::Hit => Way::Hit,
        Verdict::Stale(permission) if permission.is_unasked() => Way::Hit,
        Verdict::Stale(_) => Way::Forwarded(MissReason::Stale.as_str()),
        Verdict::Miss(reason) => Way::Forwarded(reason.as_str()),
        Verdict::Pass(reason) => Way::Forwarded(reason.fwd()),
        Verdict::Synthetic => Way::Neither,
    }
}

fn push_forwarded(out: &mut Vec<u8>, word: &str, status: &StatusMember<'_>) {
    ["; fwd=", word].iter().for_each(|text| push(out, text));
    if let Some(theirs) = status.fwd_status {
        push(out, "; fwd-status=");
        push_integer(out, theirs.into());
    }
    push_flag(out, "stored", Some(true).filter(|_| status.stored));
    push_flag(out, "collapsed", status.collapsed);
}

/// A true boolean parameter is its name alone (RFC 9651 section 4.1.1.2).
fn push_flag(out: &mut Vec<u8>, name: &str, value: Option<bool>) {
    match value {
        Some(true) => ["; ", name].iter().for_each(|text| push(out, text)),
        Some(false) => ["; ", name, "=?0"].iter().for_each(|text| push(out, text)),
        None => {}
    }
}

/// `fwd=bypass` alone would not say why; `fwd=method` does.
fn detail<'a>(status: &StatusMember<'a>) -> Option<&'a str> {
    status.detail.or(match status.verdict {
        Verdict::Pass(reason) => Some(reason.as_str()).filter(|word| *word != reason.fwd()),
        Verdict::Synthetic => Some(status.verdict.as_str()),
        Verdict::Stale(permission) => Some(permission.as_str()),
        Verdict::Hit | Verdict::Miss(_) => None,
    })
}

fn push_integer(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    write_decimal(out, value.unsigned_abs().min(MAX_INTEGER));
}

/// A structured-field token where the text is one, else a string.
fn push_token_or_quoted(out: &mut Vec<u8>, text: &str) {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if starts_well && is_plain { push(out, text) } else { push_quoted(out, &[text]) }
}

/// A structured-field string of these texts together; bytes that it cannot hold are percent-encoded.
fn push_quoted(out: &mut Vec<u8>, texts: &[&str]) {
    out.push(b'"');
    for text in texts {
        match text.bytes().all(is_plain) {
            true => push(out, text),
            false => text.bytes().for_each(|byte| push_byte(out, byte)),
        }
    }
    out.push(b'"');
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

fn push_byte(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' | b'\\' => out.extend([b'\\', byte]),
        b' '..=b'~' => out.push(byte),
        _ => push_percent(out, byte),
    }
}

fn push_percent(out: &mut Vec<u8>, byte: u8) {
    // Writing to memory cannot fail.
    let _ = write!(out, "%{byte:02X}");
}
