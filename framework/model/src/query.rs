//! The query of a URL as parameters, as HTML forms write it: `name=value` joined by `&`.
//!
//! Names and values are compared in decoded form, so that `%75tm_source` cannot pass for another parameter than
//! `utm_source`. Like paths, what is forwarded stays as it was received.

use std::borrow::Cow;

/// The parameters of a query in their order. An empty piece, as in `a&&b`, is a parameter without name and value.
///
/// ```
/// use selvedge_model::query::parameters;
///
/// let names: Vec<_> = parameters("%61=1&b").map(|parameter| parameter.name()).collect();
/// assert_eq!(names, ["a", "b"]);
/// ```
pub fn parameters(query: &str) -> impl Iterator<Item = Parameter<'_>> {
    query.split('&').map(Parameter)
}

/// One parameter of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a>(&'a str);

impl<'a> Parameter<'a> {
    /// The parameter as it was received.
    pub fn as_received(self) -> &'a str {
        self.0
    }

    /// Its name, decoded.
    pub fn name(self) -> Cow<'a, str> {
        decoded(self.split().0)
    }

    /// Its value, decoded; empty when it has none.
    pub fn value(self) -> Cow<'a, str> {
        decoded(self.split().1)
    }

    fn split(self) -> (&'a str, &'a str) {
        self.0.split_once('=').unwrap_or((self.0, ""))
    }
}

/// Decodes once. A percent sign that begins no escape stays; bytes that are no UTF-8 become replacement characters.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    while let Some((byte, rest)) = next(bytes) {
        out.push(byte);
        bytes = rest;
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// The byte that comes next, and what stands after it.
fn next(bytes: &[u8]) -> Option<(u8, &[u8])> {
    match bytes {
        [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Some((digit(*high) << 4 | digit(*low), rest))
        }
        [b'+', rest @ ..] => Some((b' ', rest)),
        [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

/// The value of a hexadecimal digit.
fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20).wrapping_sub(b'a').wrapping_add(10),
    }
}

#[cfg(test)]
mod tests;
