//! One part of a shelf: keys in their order of use behind a mutex, each with its variants in their order of arrival.
//!
//! Whatever leaves is handed out, so that memory is freed after the lock is.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use lru::LruCache;

use super::Found;
use crate::entry::Entry;
use crate::key::Key;
use crate::lookup::{Reuse, reuse};

/// How many variants one key keeps.
const MAX_VARIANTS: usize = 64;

/// An entry with what it took of the budget.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) entry: Arc<Entry>,
    pub(super) cost: u64,
}

/// The oldest variant first.
type Variants = Vec<Kept>;
type Keys = LruCache<Key, Variants, RandomState>;

/// One shard.
pub(super) struct Shard(Mutex<Keys>);

impl Default for Shard {
    fn default() -> Self {
        Self(Mutex::new(LruCache::unbounded_with_hasher(RandomState::new())))
    }
}

impl Shard {
    pub(super) fn get(&self, key: &Key, request_headers: &HeaderMap, now_ms: u64) -> Found {
        match self.keys().get(key) {
            None => Found::Nothing,
            Some(variants) => choose(variants, request_headers, now_ms),
        }
    }

    /// Adds an entry and hands out what had to leave for it.
    pub(super) fn insert(&self, key: Key, kept: Kept) -> Vec<Kept> {
        let mut keys = self.keys();
        let variants = keys.get_or_insert_mut(key, Variants::new);
        let same = |old: &mut Kept| old.entry.head.variant == kept.entry.head.variant;
        let mut dropped: Vec<Kept> = variants.extract_if(.., same).collect();
        let surplus = (variants.len() + 1).saturating_sub(MAX_VARIANTS);
        dropped.extend(variants.drain(..surplus));
        variants.push(kept);
        dropped
    }

    pub(super) fn remove(&self, key: &Key) -> Vec<Kept> {
        self.keys().pop(key).unwrap_or_default()
    }

    /// Takes the oldest variant of the least recently used key.
    pub(super) fn evict(&self) -> Option<Kept> {
        let mut keys = self.keys();
        let (key, mut variants) = keys.pop_lru()?;
        let first = (!variants.is_empty()).then(|| variants.remove(0));
        if !variants.is_empty() {
            keys.put(key.clone(), variants);
            keys.demote(&key);
        }
        first
    }

    pub(super) fn len(&self) -> usize {
        self.keys().iter().map(|(_, variants)| variants.len()).sum()
    }

    /// No step under the lock can leave the map half changed, so a panic elsewhere does not spoil it.
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shard").field("entries", &self.len()).finish()
    }
}

fn choose(variants: &[Kept], request_headers: &HeaderMap, now_ms: u64) -> Found {
    let entries = variants.iter().map(|kept| &kept.entry);
    let matching = entries.filter(|entry| entry.head.variant.matches(request_headers));
    match matching.max_by_key(|entry| rank(entry, now_ms)) {
        None => Found::VaryMiss,
        Some(entry) if is_fresh(entry, now_ms) => {
            entry.head.count_hit();
            Found::Fresh(Arc::clone(entry))
        }
        Some(entry) => Found::Stale(Arc::clone(entry)),
    }
}

/// Freshness comes first, or else a resource that stopped sending `Vary` would be fetched again and again; `Vary`
/// second, since some resources forget it on their default answer (RFC 9111 section 4.1). The last of equals wins.
fn rank(entry: &Entry, now_ms: u64) -> (bool, bool, u64) {
    (is_fresh(entry, now_ms), !entry.head.variant.is_universal(), entry.head.made_at_ms())
}

fn is_fresh(entry: &Entry, now_ms: u64) -> bool {
    matches!(reuse(&entry.head, now_ms), Reuse::Fresh { .. })
}
