//! Cookies by name, from the lines of a `Cookie` header (RFC 6265 section 4.2.1, RFC 9113 section 8.2.3).

/// All values of the cookie `name`, in order. Servers differ in which one of several they take, so none is left out.
///
/// Names are compared as written; a cookie without `=` is taken for a name without value. Values are not decoded and
/// keep their quotes, since nothing says what a value means.
///
/// ```
/// use selvedge_model::cookie::values;
///
/// let lines = ["a=1; b=2", "a=3"].map(str::as_bytes);
/// assert!(values(lines, "a").eq([b"1", b"3"]));
/// ```
pub fn values<'a>(
    lines: impl IntoIterator<Item = &'a [u8]>,
    name: &str,
) -> impl Iterator<Item = &'a [u8]> {
    let cookies = lines.into_iter().flat_map(|line| line.split(|byte| *byte == b';'));
    cookies.filter_map(move |cookie| value(cookie.trim_ascii(), name.as_bytes()))
}

/// The value of a cookie, if it has this name.
fn value<'a>(cookie: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    let (name, value) = match cookie.iter().position(|byte| *byte == b'=') {
        Some(at) => (&cookie[..at], &cookie[at + 1..]),
        None => (cookie, &[][..]),
    };
    (name.trim_ascii() == wanted).then(|| value.trim_ascii())
}

#[cfg(test)]
mod tests;
