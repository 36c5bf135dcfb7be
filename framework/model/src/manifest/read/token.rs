//! Methods, header names and cookie names: all are tokens (RFC 9110 section 5.6.2, RFC 6265 section 4.1.1).

use super::sink::{At, Sink};
use super::value::Value;
use crate::suggest;

/// Methods that are surely meant when they are written in lower case.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// A method, compared as written (RFC 9110 section 9.1).
pub(super) fn method(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    let upper = text.to_ascii_uppercase();
    if upper != text && METHODS.contains(&upper.as_str()) {
        let what = format!("`{}`: methods are compared as written", value.path);
        sink.refuse_with(value.at, what, format!("write \"{upper}\""));
        return None;
    }
    if !is_token(text) {
        let what = format!("`{}` is {text:?}, which is no method", value.path);
        sink.refuse_with(value.at, what, suggest::hint(&upper, METHODS.iter().copied()));
        return None;
    }
    Some(text.to_owned())
}

/// A header name in lower case. A lone `*` is a token too, but no header: what varies on everything is never reused.
pub(super) fn header_name(text: &str, at: At, path: &str, sink: &mut Sink<'_>) -> Option<String> {
    if text == "*" {
        let what = format!("`{path}`: \"*\" is no header name");
        sink.refuse_with(
            at,
            what,
            "a response that must not be reused is `uncacheable = true`".to_owned(),
        );
        return None;
    }
    token("header name", text, at, path, sink).map(|name| name.to_ascii_lowercase())
}

/// The name of a cookie, compared as written.
pub(super) fn cookie_name(text: &str, at: At, path: &str, sink: &mut Sink<'_>) -> Option<String> {
    token("cookie name", text, at, path, sink).map(str::to_owned)
}

fn token<'t>(
    noun: &str,
    text: &'t str,
    at: At,
    path: &str,
    sink: &mut Sink<'_>,
) -> Option<&'t str> {
    if is_token(text) {
        return Some(text);
    }
    sink.refuse(at, format!("`{path}`: {text:?} is no {noun}"));
    None
}

fn is_token(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(allowed)
}
