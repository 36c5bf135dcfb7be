//! Our member of the `Cache-Status` header (RFC 9211), as text to append at the end of the list.

use std::fmt::Write as _;

use crate::decision::Verdict;

/// The largest integer that structured fields can say (RFC 9651 section 3.3.1).
const MAX_INTEGER: i64 = 999_999_999_999_999;

/// What one hop tells about a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusMember<'a> {
    /// What the cache did.
    pub verdict: Verdict,
    /// What remains of the freshness lifetime in milliseconds, negative when stale; shown as the floor of seconds.
    pub ttl_ms: Option<i64>,
    /// The status that the next hop answered with, where it differs from ours.
    pub fwd_status: Option<u16>,
    /// Whether the response was stored; shown on forwarded requests only.
    pub stored: bool,
    /// The cache key as text, for developers.
    pub key: Option<&'a str>,
    /// A named reason. A pass and a synthetic answer say theirs without it.
    pub detail: Option<&'a str>,
}

/// The member of the cache `id` (`LHR/catalog`), such as `"LHR/catalog"; fwd=uri-miss; stored`.
///
/// A synthetic answer has neither `hit` nor `fwd`; RFC 9211 section 2 would rather see no member for those.
#[must_use]
pub fn member(id: &str, status: &StatusMember<'_>) -> String {
    let mut out = quoted(id);
    push_verdict(&mut out, status);
    push_integer(&mut out, "ttl", status.ttl_ms.map(|ms| ms.div_euclid(1000)));
    if status.stored && !status.verdict.is_hit() {
        out.push_str("; stored");
    }
    push_text(&mut out, "key", status.key.map(quoted));
    push_text(&mut out, "detail", detail(status).map(token_or_quoted));
    out
}

fn push_verdict(out: &mut String, status: &StatusMember<'_>) {
    let fwd = match status.verdict {
        Verdict::Hit => return out.push_str("; hit"),
        Verdict::Synthetic => return,
        Verdict::Miss(reason) => reason.as_str(),
        Verdict::Pass(reason) => reason.fwd(),
    };
    push_text(out, "fwd", Some(fwd.to_owned()));
    push_integer(out, "fwd-status", status.fwd_status.map(i64::from));
}

/// `fwd=bypass` alone would not say why; `fwd=method` does.
fn detail<'a>(status: &StatusMember<'a>) -> Option<&'a str> {
    status.detail.or(match status.verdict {
        Verdict::Pass(reason) => Some(reason.as_str()).filter(|word| *word != reason.fwd()),
        Verdict::Synthetic => Some(status.verdict.as_str()),
        Verdict::Hit | Verdict::Miss(_) => None,
    })
}

fn push_integer(out: &mut String, name: &str, value: Option<i64>) {
    push_text(out, name, value.map(|value| value.clamp(-MAX_INTEGER, MAX_INTEGER).to_string()));
}

fn push_text(out: &mut String, name: &str, value: Option<String>) {
    if let Some(value) = value {
        out.extend(["; ", name, "=", &value]);
    }
}

/// A structured-field token where the text is one, else a string.
fn token_or_quoted(text: &str) -> String {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if starts_well && is_plain { text.to_owned() } else { quoted(text) }
}

/// A structured-field string; bytes that it cannot hold are percent-encoded.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => push_percent(&mut out, byte),
        }
    }
    out.push('"');
    out
}

fn push_percent(out: &mut String, byte: u8) {
    // Writing to a string cannot fail.
    let _ = write!(out, "%{byte:02X}");
}
