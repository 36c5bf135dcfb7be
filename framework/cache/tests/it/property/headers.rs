//! Made-up header sections.

use http::header::{AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA, VARY};
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

const NAMES: [HeaderName; 11] = [
    CACHE_CONTROL,
    EXPIRES,
    DATE,
    AGE,
    LAST_MODIFIED,
    VARY,
    ETAG,
    PRAGMA,
    HeaderName::from_static("surrogate-control"),
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("selvedge-cdn-cache-control"),
];

/// Pieces that make fields which are nearly right.
#[rustfmt::skip]
const PIECES: [&str; 31] = [
    "max-age=60", "s-maxage=9", "max-age", "s-maxage", "no-store", "private", "public", "must-understand", "no-cache",
    "must-revalidate", "stale-if-error=9", "stale-while-revalidate=9", "immutable", "=", ",", ", ", "\"", "\\", " ",
    "*", "0", "1", "60", "99999999999999999999", "-", "Sun, 06 Nov 1994 08:49:37 GMT", "accept", "\t", ";", "é", "W/",
];

/// Bytes that may be a field value.
pub(super) fn field() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..12);
    let nearly_right = pieces.prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![nearly_right, prop::collection::vec(any::<u8>(), 0..40)]
}

/// Any lines of the fields that speak of caching.
pub(super) fn some_headers() -> impl Strategy<Value = HeaderMap> {
    let lines = prop::collection::vec((prop::sample::select(NAMES.to_vec()), field()), 0..8);
    lines.prop_map(|lines| {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                map.append(name, value);
            }
        }
        map
    })
}
