//! The normal form of a path: escapes first, then slashes and dot segments.
//!
//! Escapes are decoded exactly once, as a server does it (RFC 3986 section 2.4 forbids twice): a
//! second decoding would compare a path that nobody behind us sees. So `%252e` stays what it is, an
//! escaped percent sign before `2e`, and a percent sign that begins no escape becomes `%25`, so that
//! what follows it cannot join into a new escape. The result is therefore its own normal form.

use std::fmt::Write;

/// The form of a path in which it is compared with a pattern.
///
/// Unreserved characters and `%2F` are decoded, other escapes and bytes outside of visible ASCII are
/// written as escapes in upper case, slashes are collapsed, dot segments are resolved (also escaped
/// ones), and the path starts with a slash. It takes a path alone, without a query.
///
/// ```
/// use selvedge_model::manifest::normalise_path;
///
/// assert_eq!(normalise_path("//x/%2e%2e/%61ccount/..%2faccount/"), "/account/");
/// ```
pub fn normalise_path(path: &str) -> String {
    resolve(&canonical_escapes(path))
}

/// A path as a server reads it that neither decodes `%2F` nor resolves dot segments: it keeps its segments, with escapes
/// written in one way. It may lie elsewhere than the normal form says, and a rule is for it in both places.
///
/// ```
/// use selvedge_model::manifest::literal_path;
///
/// assert_eq!(literal_path("/%61ccount/..%2fpages"), "/account/..%2Fpages");
/// ```
pub fn literal_path(path: &str) -> String {
    escapes(path, |value| value != b'/')
}

/// Decodes what needs no escape and writes every other escape in one way.
pub(super) fn canonical_escapes(path: &str) -> String {
    escapes(path, |_| true)
}

/// The same for the escapes that may be decoded.
fn escapes(path: &str, may_decode: impl Fn(u8) -> bool) -> String {
    let mut bytes = path.bytes();
    let mut out = String::with_capacity(path.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => match escape(&mut bytes) {
                Some(value) if may_decode(value) => push_decoded(&mut out, value),
                Some(value) => push_escape(&mut out, value),
                None => out.push_str("%25"),
            },
            b'!'..=b'~' => out.push(char::from(byte)),
            _ => push_escape(&mut out, byte),
        }
    }
    out
}

/// The byte that an escape stands for; takes its two digits only if there are two.
fn escape(bytes: &mut std::str::Bytes<'_>) -> Option<u8> {
    let mut ahead = bytes.clone();
    let high = digit(ahead.next()?)?;
    let low = digit(ahead.next()?)?;
    *bytes = ahead;
    Some(high << 4 | low)
}

pub(super) fn digit(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

pub(super) fn push_decoded(out: &mut String, value: u8) {
    match value {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            out.push(char::from(value));
        }
        _ => push_escape(out, value),
    }
}

pub(super) fn push_escape(out: &mut String, byte: u8) {
    let _ = write!(out, "%{byte:02X}");
}

/// Collapses slashes and resolves `.` and `..`; what ends in one of those ends in a slash.
pub(in crate::manifest) fn resolve(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            _ => kept.push(segment),
        }
    }
    let is_directory = matches!(path.rsplit('/').next(), None | Some("" | "." | ".."));
    let slash = if is_directory && !kept.is_empty() { "/" } else { "" };
    format!("/{}{slash}", kept.join("/"))
}
