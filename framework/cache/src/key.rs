//! What identifies a cached object: service, lower-case host, path and query, and what a rule adds ([`KeyRules`]).
//! Never the scheme or the method, so that HEAD reads what GET stored (RFC 9111 section 4). Objects that code stores have
//! the bytes of its choice in the place of host and path.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use selvedge_model::key::{CacheKey, CacheSpace};

use crate::key_rule::KeyRules;

/// The key of an object; cloning it shares the text.
///
/// The lengths are part of the identity, so that no host with odd characters can reach another host's objects, and no
/// path can pass for what a rule adds. The service's generation is too: when everything of a service is purged it goes up
/// by one, and no key made from then on finds what was stored before.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    text: Arc<str>,
    service_len: u32,
    host_len: u32,
    /// The length of what rules added, at the end of the text.
    added_len: u32,
    generation: u64,
}

impl Key {
    /// The key of `path_and_query` at `host` in the cache of `service`. An empty path is `/`.
    #[must_use]
    pub fn new(service: &str, host: &str, path_and_query: &str) -> Self {
        Self::of_parts(service, host, path_and_query, "")
    }

    /// The key of `target`, path and query, as the rules would have it for a request with these headers.
    #[must_use]
    pub fn with_rules(
        service: &str,
        host: &str,
        target: &str,
        rules: &KeyRules,
        request_headers: &HeaderMap,
    ) -> Self {
        Self::of_parts(service, host, &rules.target(target), &rules.additions(request_headers))
    }

    /// The key of an object that code stores. It is no URL's: where those have the slash of their path, this has the
    /// letter of its space. Bytes become the characters of their numbers, so that no two keys make the same text.
    #[must_use]
    pub fn of_object(service: &str, space: CacheSpace, key: &CacheKey) -> Self {
        let shown = key.as_bytes().iter().map(|byte| char::from(*byte));
        let text: String =
            service.chars().chain(space.as_str().chars()).chain([':']).chain(shown).collect();
        let service_len = length(service);
        Self { text: text.into(), service_len, host_len: 0, added_len: 0, generation: 0 }
    }

    /// The same key in this generation of its service's cache; it is made in generation 0.
    #[must_use]
    pub fn in_generation(self, generation: u64) -> Self {
        Self { generation, ..self }
    }

    /// The name of the service whose cache it belongs to.
    #[must_use]
    pub fn service(&self) -> &str {
        self.text.get(..self.service_len as usize).unwrap_or_default()
    }

    /// The generation of its service's cache.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether two keys differ at most in what rules added. A write invalidates all keys of its target, whatever header
    /// or cookie the objects were stored for (RFC 9111 section 4.4).
    #[must_use]
    pub fn same_target(&self, other: &Self) -> bool {
        self.target() == other.target()
    }

    /// What is the same in all keys of the same target: generation, the lengths that part the text, and the text.
    pub(crate) fn target(&self) -> (u64, u32, u32, &str) {
        let end = self.text.len().saturating_sub(self.added_len as usize);
        let text = self.text.get(..end).unwrap_or_default();
        (self.generation, self.service_len, self.host_len, text)
    }

    /// What rules added.
    pub(crate) fn added(&self) -> &str {
        let start = self.text.len().saturating_sub(self.added_len as usize);
        self.text.get(start..).unwrap_or_default()
    }

    /// Whether rules added anything.
    pub(crate) fn has_additions(&self) -> bool {
        self.added_len > 0
    }

    /// The length of its text in bytes, for the shelf's accounts.
    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
    }

    fn of_parts(service: &str, host: &str, path_and_query: &str, added: &str) -> Self {
        let slash = if path_and_query.starts_with('/') { "" } else { "/" };
        let host = host.to_ascii_lowercase();
        let text = [service, &host, slash, path_and_query, added].concat();
        Self {
            text: text.into(),
            service_len: length(service),
            host_len: length(&host),
            added_len: length(added),
            generation: 0,
        }
    }
}

/// No head that a connection lets through comes near the end.
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Host, path and query as in `shop.localhost/users?x=1`, then what rules added; the service is left out.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.get(self.service_len as usize..).unwrap_or_default())
    }
}
