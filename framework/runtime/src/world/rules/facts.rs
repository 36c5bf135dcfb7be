//! A request as rules see it, and how it is shown to them in the model's terms.

use std::{borrow::Cow, net::IpAddr};

use http::{HeaderMap, HeaderValue, Method, Uri};
use selvedge_model::manifest::{RequestFacts, ResponseFacts, normalise_path};

/// A request as rules see it.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Its method.
    pub method: &'a Method,
    /// The host that was asked for.
    pub host: &'a str,
    /// Its path and query.
    pub uri: &'a Uri,
    /// Its header section.
    pub headers: &'a HeaderMap,
    /// The client's address.
    pub client: Option<IpAddr>,
}

impl Facts<'_> {
    /// Shows the request in the model's terms.
    pub fn seen<T>(&self, look: impl FnOnce(&RequestFacts<'_>) -> T) -> T {
        let lines = |name: &str| lines(self.headers, name);
        look(&RequestFacts {
            method: self.method.as_str(),
            host: self.host,
            path: self.uri.path(),
            normalised_path: &normal(self.uri.path()),
            query: self.uri.query(),
            headers: &lines,
            client: self.client,
        })
    }
}

/// Shows a response in the model's terms.
pub(super) fn seen<T>(
    status: u16,
    headers: &HeaderMap,
    look: impl FnOnce(&ResponseFacts<'_>) -> T,
) -> T {
    let lines = |name: &str| lines(headers, name);
    look(&ResponseFacts { status, headers: &lines })
}

fn lines<'h>(headers: &'h HeaderMap, name: &str) -> Vec<&'h [u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes).collect()
}

/// Most paths are in their normal form as they come, which is seen faster than another one is made.
pub(super) fn normal(path: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_');
    match path.starts_with('/') && path.bytes().all(plain) && !path.contains("//") {
        true => Cow::Borrowed(path),
        false => Cow::Owned(normalise_path(path)),
    }
}
