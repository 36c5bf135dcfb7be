//! The head of a page: the template's, without what is true of the template only.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// What the template is recognised by, how long it is, how old it is and how long it is fresh: none of it is the page's.
/// What is said to surrogates has been followed here.
static OF_TEMPLATE: [HeaderName; 18] = [
    header::ACCEPT_RANGES,
    header::AGE,
    header::CACHE_CONTROL,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::DATE,
    header::ETAG,
    header::EXPIRES,
    header::LAST_MODIFIED,
    header::TRAILER,
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("repr-digest"),
    HeaderName::from_static("selvedge-cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
];

/// Makes the head of a page. How long it is fresh is not known before its last fragment has come, and a fragment may be for
/// one client only: unless a rule says otherwise, no cache behind us keeps it.
pub(super) fn assembled(headers: &mut HeaderMap) {
    let is_secret = headers.get_all(header::CACHE_CONTROL).iter().any(forbids_storing);
    for name in &OF_TEMPLATE {
        headers.remove(name);
    }
    let said = if is_secret { "private, no-store" } else { "private, no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(said));
}

fn forbids_storing(line: &HeaderValue) -> bool {
    let mut said = line.as_bytes().split(|byte| *byte == b',');
    said.any(|said| said.trim_ascii().eq_ignore_ascii_case(b"no-store"))
}
