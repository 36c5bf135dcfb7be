//! Transfer codings of a response (RFC 9112 sections 6.1 and 7).
//!
//! We ask for none, so the only one that an origin may apply is `chunked`, which the HTTP library undoes. What to do with
//! others is here; undoing them is not: bytes that nobody can read are not passed on as if they were the content.

use http::{HeaderMap, header};

/// What there is beside the chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Nothing that changes bytes: the body is the content. A single name that no registry knows, without chunks, is none:
    /// the body lasts until the connection ends, and clients of that origin read it as it is.
    Plain,
    /// A compression, chunks more than once, or chunks together with anything else.
    Unreadable,
}

/// Codings that change bytes (RFC 9112 section 7.2 and the registry of transfer codings).
const COMPRESSIONS: [&[u8]; 5] = [b"gzip", b"x-gzip", b"deflate", b"compress", b"x-compress"];

impl Coding {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::TRANSFER_ENCODING).iter();
        let members = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        let names = members.map(name).filter(|name| !is_nothing(name));
        match names.collect::<Vec<_>>().as_slice() {
            [] => Self::Plain,
            [only] if !is_compression(only) => Self::Plain,
            _ => Self::Unreadable,
        }
    }
}

/// A member without its parameters.
fn name(member: &[u8]) -> &[u8] {
    member.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii()
}

/// Empty members mean nothing, and `identity` did not when it still was a coding.
fn is_nothing(name: &[u8]) -> bool {
    name.is_empty() || name.eq_ignore_ascii_case(b"identity")
}

fn is_compression(name: &[u8]) -> bool {
    COMPRESSIONS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn codings_are_told_apart() {
        let cases: [(&[&str], Coding); 16] = [
            (&[], Coding::Plain),
            (&["chunked"], Coding::Plain),
            (&["Chunked"], Coding::Plain),
            (&["identity"], Coding::Plain),
            (&["identity, chunked"], Coding::Plain),
            (&[", chunked ,"], Coding::Plain),
            (&["foo"], Coding::Plain),
            (&["foo;a=b"], Coding::Plain),
            (&["gzip"], Coding::Unreadable),
            (&["X-GZIP"], Coding::Unreadable),
            (&["gzip, chunked"], Coding::Unreadable),
            (&["gzip", "chunked"], Coding::Unreadable),
            (&["deflate;q=1,chunked"], Coding::Unreadable),
            (&["foo, chunked"], Coding::Unreadable),
            (&["chunked, foo"], Coding::Unreadable),
            (&["chunked, chunked"], Coding::Unreadable),
        ];
        for (lines, coding) in cases {
            let values = lines.iter().map(|line| HeaderValue::from_static(line));
            let headers = values.map(|value| (header::TRANSFER_ENCODING, value)).collect();
            assert_eq!(Coding::of(&headers), coding, "{lines:?}");
        }
    }
}
