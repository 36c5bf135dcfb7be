//! One part of a shelf: keys in their order of use behind a mutex, each with its variants in their order of arrival.
//!
//! Whatever leaves is handed out, so that memory is freed after the lock is.

use std::cmp::Reverse;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use crate::answer::is_inside;
use crate::entry::Entry;
use crate::key::Key;
use crate::partial::is_same_version;

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
    /// The entries of a key that `wanted` lets through, the best first; marks the key as used.
    pub(super) fn find(&self, key: &Key, wanted: impl Fn(&Entry) -> bool) -> Vec<Arc<Entry>> {
        let mut keys = self.keys();
        let variants = keys.get(key).map(Vec::as_slice).unwrap_or_default();
        let entries = variants.iter().rev().map(|kept| &kept.entry);
        let mut found: Vec<Arc<Entry>> = entries.filter(|entry| wanted(entry)).cloned().collect();
        drop(keys);
        found.sort_by_key(|entry| Reverse(rank(entry)));
        found
    }

    /// Whether a whole object lies under the key; does not mark it as used.
    pub(super) fn knows(&self, key: &Key) -> bool {
        let keys = self.keys();
        keys.peek(key).is_some_and(|variants| variants.iter().any(|kept| kept.entry.is_whole()))
    }

    /// Adds an entry and hands out what had to leave for it.
    pub(super) fn insert(&self, key: Key, kept: Kept) -> Vec<Kept> {
        let mut keys = self.keys();
        let variants = keys.get_or_insert_mut(key, Variants::new);
        let gives_way = |old: &mut Kept| gives_way(&old.entry, &kept.entry);
        let mut dropped: Vec<Kept> = variants.extract_if(.., gives_way).collect();
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

/// What carries `Vary` comes first, since some resources forget it on their default answer (RFC 9111 section 4.1), then
/// the newer `Date` (section 4). The sort keeps the order of equals: the last to arrive comes first.
fn rank(entry: &Entry) -> (bool, u64) {
    (!entry.head.variant.is_universal(), entry.head.made_at_ms())
}

/// A whole takes the place of all that is stored for its variant. A part leaves the whole alone, which may be stale but
/// can be validated, and leaves other parts of the same version alone, unless it has all their bytes.
fn gives_way(old: &Entry, new: &Entry) -> bool {
    let is_same_variant = old.head.variant == new.head.variant;
    is_same_variant && (new.is_whole() || (!old.is_whole() && supersedes(new, old)))
}

fn supersedes(new: &Entry, old: &Entry) -> bool {
    !is_same_version(old, new) || is_inside(new, &[old.bytes()])
}
