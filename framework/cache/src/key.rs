//! What identifies a cached object: service, lower-case host, path and query. Never the scheme or the method, so
//! that HEAD reads what GET stored (RFC 9111 section 4).

use std::fmt;
use std::sync::Arc;

/// The key of an object; cloning it shares the text.
///
/// The lengths are part of the identity, so that no host with odd characters can reach another host's objects.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    text: Arc<str>,
    service_len: usize,
    host_len: usize,
}

impl Key {
    /// The key of `path_and_query` at `host` in the cache of `service`. An empty path is `/`.
    #[must_use]
    pub fn new(service: &str, host: &str, path_and_query: &str) -> Self {
        let slash = if path_and_query.starts_with('/') { "" } else { "/" };
        let text = [service, &host.to_ascii_lowercase(), slash, path_and_query].concat();
        Self { text: text.into(), service_len: service.len(), host_len: host.len() }
    }

    /// The name of the service whose cache it belongs to.
    #[must_use]
    pub fn service(&self) -> &str {
        self.text.get(..self.service_len).unwrap_or_default()
    }

    /// The length of its text in bytes, for the shelf's accounts.
    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
    }
}

/// Host, path and query as in `shop.localhost/users?x=1`; the service is left out.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.get(self.service_len..).unwrap_or_default())
    }
}
