//! Surrogate keys: the tags by which objects are purged. They come in the response's `Surrogate-Key` lines, and from the
//! handler or rule that stored it.
//!
//! Keys that break the rules of [`SurrogateKey`] are ignored, and so is what does not lie wholly in the first 16 KiB of
//! the field. What a purge does is told in `purge`.

use http::{HeaderMap, HeaderName, HeaderValue};
use selvedge_model::key::SurrogateKey;
use selvedge_model::limits::SURROGATE_FIELD_MAX;

/// The field that names the keys of a response.
pub const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// The keys that a response's own lines name, in their order and as often as they are there. Lines count as one field.
pub fn surrogate_keys(response_headers: &HeaderMap) -> impl Iterator<Item = &str> {
    keys_in(response_headers.get_all(SURROGATE_KEY).iter().map(HeaderValue::as_bytes))
}

/// The same of the lines of the field.
pub(crate) fn keys_in<'a>(lines: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = &'a str> {
    let mut left = SURROGATE_FIELD_MAX;
    let counted = lines.map(move |line| {
        let seen = up_to(line, left);
        left = left.saturating_sub(line.len() + 1);
        seen
    });
    counted.flat_map(|line| line.split(|byte| *byte == b' ')).filter_map(SurrogateKey::text)
}

/// The beginning of a line that counts. A key that reaches over the end does not.
fn up_to(line: &[u8], limit: usize) -> &[u8] {
    if line.len() <= limit {
        return line;
    }
    let end = line[..=limit].iter().rposition(|byte| *byte == b' ').unwrap_or(0);
    &line[..end]
}

#[cfg(test)]
mod tests;
