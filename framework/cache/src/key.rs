//! What identifies a cached object: service, lower-case host, path and query, and what a rule adds ([`KeyRules`]).
//! Never the scheme or the method, so that HEAD reads what GET stored (RFC 9111 section 4). Objects that code stores have
//! the bytes of its choice in the place of host and path.

use std::fmt;
use std::io::Write as _;

use http::HeaderMap;
use selvedge_model::key::{CacheKey, CacheSpace};
use smallvec::SmallVec;

use crate::key_rule::KeyRules;
use crate::number::{read_number, write_number};

/// What three lengths take at most.
const LENGTHS: usize = 3 * 10;

/// Keys of at most so many bytes, as most are, have no memory of their own: each request makes one.
const SHORT: usize = 128;

/// The key of an object.
///
/// The lengths are part of the identity, so that no host with odd characters can reach another host's objects, and no
/// path can pass for what a rule adds. The service's generation is too: when everything of a service is purged it goes up
/// by one, and no key made from then on finds what was stored before.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    generation: u64,
    /// The length of what rules added, then those of the service's name and of the host, then these texts, path and query,
    /// and what rules added: what all keys of a target have in common is in one piece, and so is where many begin alike.
    text: SmallVec<[u8; SHORT]>,
}

/// What many keys have in common: generation, service and host.
#[derive(Debug)]
pub(crate) struct Beginning {
    generation: u64,
    /// Both lengths and both texts, as in a key.
    text: Box<[u8]>,
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
        let (service_len, _, text) = self.texts();
        let name = text.get(..service_len).unwrap_or_default();
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
    pub(crate) fn target(&self) -> (u64, &[u8]) {
        let (added_len, text) = self.parted();
        let target = text.get(..text.len().saturating_sub(added_len));
        (self.generation, target.unwrap_or_default())
    }

    /// What rules added.
    pub(crate) fn added(&self) -> &[u8] {
        let (added_len, text) = self.parted();
        text.get(text.len().saturating_sub(added_len)..).unwrap_or_default()
    }

    /// Whether rules added anything.
    pub(crate) fn has_additions(&self) -> bool {
        !self.added().is_empty()
    }

    /// What it has in common with all keys of its generation, service and host.
    pub(crate) fn beginning(&self) -> Beginning {
        let (_, text) = self.parted();
        let (service_len, host_len, texts) = self.texts();
        let begin = text.len() - texts.len() + service_len + host_len;
        let text = text.get(..begin).unwrap_or_default().into();
        Beginning { generation: self.generation, text }
    }

    /// What comes after this beginning, and how much of that, at its end, rules added; `None` where the key begins
    /// otherwise.
    pub(crate) fn after(&self, beginning: &Beginning) -> Option<(usize, &[u8])> {
        let (added_len, text) = self.parted();
        let rest = text.strip_prefix(&*beginning.text)?;
        (self.generation == beginning.generation).then_some((added_len, rest))
    }

    /// All but its generation.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The key with this text, in generation 0.
    pub(crate) fn of_text(text: &[u8]) -> Self {
        Self { generation: 0, text: SmallVec::from_slice(text) }
    }

    /// Bytes that it takes on the shelf, for the accounts. Most keys lie there without their beginning, which stands here
    /// for what their allocation costs.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }

    fn of_parts(service: &str, host: &str, path_and_query: &str, added: &str) -> Self {
        let slash = if path_and_query.starts_with('/') { "" } else { "/" };
        Self::of_texts(service, without_default_port(host), &[slash, path_and_query], added)
    }

    fn of_texts(service: &str, host: &str, path: &[&str], added: &str) -> Self {
        let path_len: usize = path.iter().map(|text| text.len()).sum();
        let len = LENGTHS + service.len() + host.len() + path_len + added.len();
        let mut text = match len {
            ..=SHORT => SmallVec::from_buf([0; SHORT]),
            _ => SmallVec::from_elem(0, len),
        };
        let len = put_together(&mut text, service, host, path, added);
        text.truncate(len);
        Self { generation: 0, text }
    }

    /// How much rules added, and all that comes after this length.
    fn parted(&self) -> (usize, &[u8]) {
        let mut text = &*self.text;
        (read_number(&mut text).unwrap_or(0), text)
    }

    /// The lengths of the service's name and of the host, and all that comes after them.
    fn texts(&self) -> (usize, usize, &[u8]) {
        let (_, mut text) = self.parted();
        let mut length = || read_number(&mut text).unwrap_or(0);
        (length(), length(), text)
    }
}

impl Beginning {
    /// The key that begins so and has this after it, of which rules added so much.
    pub(crate) fn going_on(&self, added_len: usize, rest: &[u8]) -> Key {
        let mut text = Vec::with_capacity(LENGTHS + self.text.len() + rest.len());
        write_number(&mut text, added_len);
        text.extend_from_slice(&self.text);
        text.extend_from_slice(rest);
        Key::of_text(&text).in_generation(self.generation)
    }
}

/// Host, path and query as in `shop.localhost/users?x=1`, then what rules added; the service is left out.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (service_len, _, text) = self.texts();
        let shown = text.get(service_len..).unwrap_or_default();
        f.write_str(&String::from_utf8_lossy(shown))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} {self} of generation {})", self.service(), self.generation)
    }
}

/// Writes the text of a key, and says how long it is. There is room for all of it.
fn put_together(room: &mut [u8], service: &str, host: &str, path: &[&str], added: &str) -> usize {
    let (size, mut rest) = (room.len(), &mut *room);
    [added, service, host].iter().for_each(|part| write_number(&mut rest, part.len()));
    write(&mut rest, service);
    let after_service = rest.len();
    write(&mut rest, host);
    path.iter().for_each(|part| write(&mut rest, part));
    write(&mut rest, added);
    let (len, host_at) = (size - rest.len(), size - after_service);
    room[host_at..host_at + host.len()].make_ascii_lowercase();
    len
}

/// Writing to memory cannot fail where there is room.
fn write(rest: &mut &mut [u8], text: &str) {
    let _ = rest.write_all(text.as_bytes());
}

/// The host as it is called without the port that its scheme leaves out. The scheme is no part of a key, so both are
/// (RFC 9110 section 4.2.3).
fn without_default_port(host: &str) -> &str {
    [":80", ":443"].iter().find_map(|port| host.strip_suffix(port)).unwrap_or(host)
}
