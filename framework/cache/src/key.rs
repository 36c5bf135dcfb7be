//! What identifies a cached object: service, lower-case host, path and query, and what a rule adds ([`KeyRules`]).
//! Never the scheme or the method, so that HEAD reads what GET stored (RFC 9111 section 4). Objects that code stores have
//! the bytes of its choice in the place of host and path.

use std::fmt;

use http::HeaderMap;
use selvedge_model::key::{CacheKey, CacheSpace};
use triomphe::ThinArc;

use crate::key_rule::KeyRules;
use crate::number::{read_number, write_number};

/// What the lengths of most keys take at most.
const LENGTHS: usize = 3 * 3;

/// The key of an object; cloning it shares the text.
///
/// The lengths are part of the identity, so that no host with odd characters can reach another host's objects, and no
/// path can pass for what a rule adds. The service's generation is too: when everything of a service is purged it goes up
/// by one, and no key made from then on finds what was stored before.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    generation: u64,
    /// The lengths of the service's name, of the host and of what rules added, then these texts with path and query
    /// before the last.
    text: ThinArc<(), u8>,
}

/// A key's text, taken apart.
struct Parts<'a> {
    service_len: usize,
    host_len: usize,
    /// Of what is the same in all keys of a target.
    target_len: usize,
    text: &'a [u8],
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
        let shown: String = key.as_bytes().iter().map(|byte| char::from(*byte)).collect();
        Self::of_texts(service, "", &[space.as_str(), ":", &shown], "")
    }

    /// The same key in this generation of its service's cache; it is made in generation 0.
    #[must_use]
    pub fn in_generation(self, generation: u64) -> Self {
        Self { generation, ..self }
    }

    /// The name of the service whose cache it belongs to.
    #[must_use]
    pub fn service(&self) -> &str {
        let parts = self.parts();
        let name = parts.text.get(..parts.service_len).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
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
    pub(crate) fn target(&self) -> (u64, usize, usize, &[u8]) {
        let Parts { service_len, host_len, target_len, text } = self.parts();
        (self.generation, service_len, host_len, text.get(..target_len).unwrap_or_default())
    }

    /// What rules added.
    pub(crate) fn added(&self) -> &[u8] {
        let parts = self.parts();
        parts.text.get(parts.target_len..).unwrap_or_default()
    }

    /// Whether rules added anything.
    pub(crate) fn has_additions(&self) -> bool {
        !self.added().is_empty()
    }

    /// The same key of no path: generation, service and host.
    pub(crate) fn beginning(&self) -> Self {
        self.going_on(0, b"")
    }

    /// Whether both are of the same generation, service and host.
    pub(crate) fn begins_as(&self, other: &Self) -> bool {
        let begins = |key: &Self| (key.generation, key.parts().service_len, key.parts().host_len);
        begins(self) == begins(other) && self.parts().begin() == other.parts().begin()
    }

    /// What comes after service and host, and how much of that, at its end, rules added.
    pub(crate) fn rest(&self) -> (usize, &[u8]) {
        let parts = self.parts();
        let rest = parts.text.get(parts.service_len + parts.host_len..).unwrap_or_default();
        (parts.text.len() - parts.target_len, rest)
    }

    /// A key that begins like this one and has this [rest](Self::rest).
    pub(crate) fn going_on(&self, added_len: usize, rest: &[u8]) -> Self {
        let Parts { service_len, host_len, .. } = self.parts();
        let begin = self.parts().begin();
        let mut text = Vec::with_capacity(LENGTHS + begin.len() + rest.len());
        [service_len, host_len, added_len].iter().for_each(|len| write_number(&mut text, *len));
        text.extend_from_slice(begin);
        text.extend_from_slice(rest);
        Self::of_text(&text).in_generation(self.generation)
    }

    /// All but its generation.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text.slice
    }

    /// The key with this text, in generation 0.
    pub(crate) fn of_text(text: &[u8]) -> Self {
        Self { generation: 0, text: ThinArc::from_header_and_slice((), text) }
    }

    /// Bytes that it takes on the shelf, for the accounts. Most keys lie there without their beginning, which stands here
    /// for what their allocation costs.
    pub(crate) fn size(&self) -> usize {
        self.text.slice.len()
    }

    fn of_parts(service: &str, host: &str, path_and_query: &str, added: &str) -> Self {
        let slash = if path_and_query.starts_with('/') { "" } else { "/" };
        Self::of_texts(service, without_default_port(host), &[slash, path_and_query], added)
    }

    fn of_texts(service: &str, host: &str, path: &[&str], added: &str) -> Self {
        let path_len: usize = path.iter().map(|text| text.len()).sum();
        let len = LENGTHS + service.len() + host.len() + path_len + added.len();
        let mut text = Vec::with_capacity(len);
        for part in [service, host, added] {
            write_number(&mut text, part.len());
        }
        text.extend_from_slice(service.as_bytes());
        let host_at = text.len();
        text.extend_from_slice(host.as_bytes());
        text[host_at..].make_ascii_lowercase();
        path.iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
        text.extend_from_slice(added.as_bytes());
        Self::of_text(&text)
    }

    fn parts(&self) -> Parts<'_> {
        let mut text = &self.text.slice;
        let mut length = || read_number(&mut text).unwrap_or(0);
        let (service_len, host_len, added_len) = (length(), length(), length());
        Parts { service_len, host_len, target_len: text.len().saturating_sub(added_len), text }
    }
}

impl<'a> Parts<'a> {
    /// Service and host.
    fn begin(&self) -> &'a [u8] {
        self.text.get(..self.service_len + self.host_len).unwrap_or_default()
    }
}

/// Host, path and query as in `shop.localhost/users?x=1`, then what rules added; the service is left out.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts();
        let shown = parts.text.get(parts.service_len..).unwrap_or_default();
        f.write_str(&String::from_utf8_lossy(shown))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} {self} of generation {})", self.service(), self.generation)
    }
}
/// The host as it is called without the port that its scheme leaves out. The scheme is no part of a key, so both are
/// (RFC 9110 section 4.2.3).
fn without_default_port(host: &str) -> &str {
    [":80", ":443"].iter().find_map(|port| host.strip_suffix(port)).unwrap_or(host)
}
