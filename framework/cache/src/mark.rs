//! What an answer that could not be stored says to those who come next: do not wait for each other (platform.md
//! sections 6.4 and 6.8).
//!
//! In the `rfc` profile the mark means *hit-for-miss*: requests go side by side, and the first answer that can be stored
//! ends it. In the `fastly` profile it means *hit-for-pass*: they go side by side and nothing is stored for as long as it
//! lasts. Failures of the origin leave no mark: side by side they would hit it all the harder.

use std::hash::{BuildHasher, RandomState};

use http::{HeaderMap, StatusCode};
use lru::LruCache;

use crate::decision::NoStore;
use crate::governing::Governing;
use crate::key::Key;
use crate::policy::Profile;

/// How long a mark lasts, and the least that a response can ask for.
const SHORTEST_MS: u64 = 120_000;

/// The most that a response can ask for.
const LONGEST_MS: u64 = 3_600_000;

/// How many keys are remembered; beyond that the one that was used least recently is forgotten.
const MAX_MARKS: usize = 16_384;

/// For how long an answer marks its key, in milliseconds; `None` if it leaves no mark and the next request leads.
#[must_use]
pub fn mark_after(
    status: StatusCode,
    headers: &HeaderMap,
    reason: NoStore,
    profile: Profile,
) -> Option<u64> {
    match profile {
        _ if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED => None,
        // These answer the request's own condition or range, and say nothing of the whole.
        _ if matches!(status.as_u16(), 304 | 412 | 416) => None,
        _ if reason == NoStore::RequestNoStore || reason == NoStore::Method => None,
        Profile::Rfc => Some(SHORTEST_MS),
        Profile::Fastly if is_recorded(status, headers) => Some(asked_for(headers)),
        Profile::Fastly => None,
    }
}

/// Other statuses, if they say nothing, are not worth remembering (platform.md section 6.1).
fn is_recorded(status: StatusCode, headers: &HeaderMap) -> bool {
    let heuristic = matches!(
        status.as_u16(),
        200 | 203 | 204 | 206 | 300 | 301 | 302 | 308 | 404 | 405 | 410 | 414 | 501
    );
    heuristic || Governing::of(headers).directives().public
}

/// The response's own lifetime, within the bounds.
fn asked_for(headers: &HeaderMap) -> u64 {
    let governing = Governing::of(headers);
    let said = governing.directives();
    let lifetime_ms = said.s_maxage.lifetime_ms().or_else(|| said.max_age.lifetime_ms());
    lifetime_ms.unwrap_or(SHORTEST_MS).clamp(SHORTEST_MS, LONGEST_MS)
}

/// Whose answers a mark is about: those to requests with `Authorization` say nothing of the others. Keys are known by
/// their hashes, so that the marks of long ones take no more memory than others; where two meet, a request goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    /// Of all that the key has in common with those that differ only in what rules added.
    target: u64,
    key: u64,
    authorized: bool,
}

/// The marks of one shelf.
#[derive(Debug)]
pub struct Marks {
    until_ms: LruCache<Place, u64>,
    hasher: RandomState,
}

impl Default for Marks {
    fn default() -> Self {
        let most = std::num::NonZeroUsize::new(MAX_MARKS).unwrap_or(std::num::NonZeroUsize::MIN);
        Self { until_ms: LruCache::new(most), hasher: RandomState::new() }
    }
}

impl Marks {
    /// Marks a key until then.
    pub fn set(&mut self, key: &Key, authorized: bool, until_ms: u64) {
        self.until_ms.put(self.place(key, authorized), until_ms);
    }

    /// Whether a key is marked now.
    #[must_use]
    pub fn is_set(&mut self, key: &Key, authorized: bool, now_ms: u64) -> bool {
        let place = self.place(key, authorized);
        self.until_ms.get(&place).is_some_and(|until_ms| now_ms < *until_ms)
    }

    /// Ends the marks of a key.
    pub fn end(&mut self, key: &Key) {
        for authorized in [false, true] {
            self.until_ms.pop(&self.place(key, authorized));
        }
    }

    /// Ends the marks of all keys that differ from this one only in what rules added. Walks all marks.
    pub fn end_target(&mut self, key: &Key) {
        let target = self.target(key);
        let all = self.until_ms.iter().map(|(place, _)| *place);
        let meant: Vec<Place> = all.filter(|place| place.target == target).collect();
        for place in &meant {
            self.until_ms.pop(place);
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until_ms.is_empty()
    }

    fn place(&self, key: &Key, authorized: bool) -> Place {
        Place { target: self.target(key), key: self.hasher.hash_one(key), authorized }
    }

    fn target(&self, key: &Key) -> u64 {
        self.hasher.hash_one(key.target())
    }
}

#[cfg(test)]
mod tests;
