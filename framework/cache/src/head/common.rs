//! The lines that stored heads write as one byte, name and value, as HPACK and QPACK do with theirs (RFC 9204 appendix A).
//! Any other line is written out, so that nothing depends on what is in the list: it saves memory, and of a hit the time
//! to wait for it.

use std::sync::LazyLock;

use http::header as names;
use http::{HeaderName, HeaderValue};

use super::names::{self as known, Known};

/// The number of the first; names have the numbers below.
const FIRST: u8 = 128;

/// A line of the list.
pub(crate) struct Common {
    pub(super) name: &'static Known,
    pub(super) value: &'static str,
    /// The line as HTTP/1.1 writes it.
    pub(super) text: String,
}

/// The number of a line; `None` where it has to be written out. What is secret is.
pub(super) fn number(name: &HeaderName, value: &HeaderValue) -> Option<u8> {
    if value.is_sensitive() {
        return None;
    }
    let is_it = |(known, text): &(HeaderName, &str)| text.as_bytes() == value && known == name;
    FIRST.checked_add(u8::try_from(LINES.iter().position(is_it)?).ok()?)
}

/// The line with this number.
pub(super) fn line(number: u8) -> Option<&'static Common> {
    static COMMON: LazyLock<Vec<Option<Common>>> =
        LazyLock::new(|| LINES.iter().map(|(name, value)| Common::of(name, value)).collect());
    COMMON.get(usize::from(number.checked_sub(FIRST)?))?.as_ref()
}

impl Common {
    fn of(name: &HeaderName, value: &'static str) -> Option<Self> {
        let name = known::known(known::number(name)?)?;
        Some(Self { name, value, text: format!("{}{value}\r\n", name.start) })
    }
}

/// What responses often say in the same words.
static LINES: [(HeaderName, &str); 56] = [
    (names::VIA, "1.1 selvedge"),
    (names::ACCEPT_RANGES, "bytes"),
    (names::CONTENT_ENCODING, "gzip"),
    (names::CONTENT_ENCODING, "br"),
    (names::CONTENT_ENCODING, "zstd"),
    (names::VARY, "Accept-Encoding"),
    (names::VARY, "accept-encoding"),
    (names::VARY, "Origin"),
    (names::CONTENT_TYPE, "text/html; charset=utf-8"),
    (names::CONTENT_TYPE, "text/html;charset=utf-8"),
    (names::CONTENT_TYPE, "text/html; charset=UTF-8"),
    (names::CONTENT_TYPE, "text/html"),
    (names::CONTENT_TYPE, "text/plain; charset=utf-8"),
    (names::CONTENT_TYPE, "text/plain"),
    (names::CONTENT_TYPE, "text/css; charset=utf-8"),
    (names::CONTENT_TYPE, "text/css"),
    (names::CONTENT_TYPE, "text/javascript; charset=utf-8"),
    (names::CONTENT_TYPE, "text/javascript"),
    (names::CONTENT_TYPE, "application/javascript; charset=utf-8"),
    (names::CONTENT_TYPE, "application/javascript"),
    (names::CONTENT_TYPE, "application/json; charset=utf-8"),
    (names::CONTENT_TYPE, "application/json"),
    (names::CONTENT_TYPE, "application/xml"),
    (names::CONTENT_TYPE, "application/octet-stream"),
    (names::CONTENT_TYPE, "application/wasm"),
    (names::CONTENT_TYPE, "image/jpeg"),
    (names::CONTENT_TYPE, "image/png"),
    (names::CONTENT_TYPE, "image/gif"),
    (names::CONTENT_TYPE, "image/webp"),
    (names::CONTENT_TYPE, "image/avif"),
    (names::CONTENT_TYPE, "image/svg+xml"),
    (names::CONTENT_TYPE, "font/woff2"),
    (names::CACHE_CONTROL, "no-cache"),
    (names::CACHE_CONTROL, "max-age=0"),
    (names::CACHE_CONTROL, "max-age=60"),
    (names::CACHE_CONTROL, "max-age=300"),
    (names::CACHE_CONTROL, "max-age=3600"),
    (names::CACHE_CONTROL, "max-age=86400"),
    (names::CACHE_CONTROL, "max-age=604800"),
    (names::CACHE_CONTROL, "max-age=2592000"),
    (names::CACHE_CONTROL, "max-age=31536000"),
    (names::CACHE_CONTROL, "public, max-age=0"),
    (names::CACHE_CONTROL, "public, max-age=3600"),
    (names::CACHE_CONTROL, "public, max-age=86400"),
    (names::CACHE_CONTROL, "public, max-age=604800"),
    (names::CACHE_CONTROL, "public, max-age=31536000"),
    (names::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    (names::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (names::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (names::X_FRAME_OPTIONS, "DENY"),
    (names::X_XSS_PROTECTION, "1; mode=block"),
    (names::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (names::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (names::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (names::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (names::SERVER, "nginx"),
];

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_number_of_its_own() {
        for (known, text) in &LINES {
            let mut value = HeaderValue::from_static(text);
            let found = number(known, &value).expect("a number");
            let line = line(found).expect("a line");
            assert!(line.value == *text && line.name.name == *known);
            value.set_sensitive(true);
            assert_eq!(number(known, &value), None);
        }
        let end = FIRST + u8::try_from(LINES.len()).expect("few");
        assert!([FIRST - 1, end, u8::MAX].into_iter().all(|number| line(number).is_none()));
        assert!(known::known(FIRST).is_none(), "names have other numbers");
        let other = HeaderValue::from_static("bytes");
        assert_eq!(number(&names::CONTENT_TYPE, &other), None);
    }
}
