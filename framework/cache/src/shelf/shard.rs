//! One part of a shelf: keys in their order of use behind a mutex, each with its variants in their order of arrival.
//!
//! Whatever leaves is handed out, so that memory is freed after the lock is. Sorting, too, is done after it.

use std::cmp::Reverse;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use lru::LruCache;

use crate::answer::is_inside;
use crate::entry::Entry;
use crate::key::Key;
use crate::partial::is_same_version;
use crate::stock::Stock;
use crate::vary::Selecting;

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

/// The keys, the most recently used first.
struct Keys {
    variants: LruCache<Key, Variants, RandomState>,
    /// Whether there has ever been a key with something added by rules.
    had_additions: bool,
}

/// One shard.
pub(super) struct Shard(Mutex<Keys>);

impl Default for Shard {
    fn default() -> Self {
        let variants = LruCache::unbounded_with_hasher(RandomState::new());
        Self(Mutex::new(Keys { variants, had_additions: false }))
    }
}

impl Shard {
    /// The entries of a key that `wanted` lets through, the best first; marks the key as used.
    pub(super) fn find(&self, key: &Key, wanted: impl Fn(&Entry) -> bool) -> Vec<Arc<Entry>> {
        let mut keys = self.keys();
        let found = keys.latest_first(key).filter(|entry| wanted(entry)).cloned().collect();
        drop(keys);
        best_first(found)
    }

    /// What there is under a key for a request with these headers; marks the key as used.
    pub(super) fn stock(&self, key: &Key, request_headers: &HeaderMap) -> Stock {
        let mut keys = self.keys();
        let entries = keys.latest_first(key);
        let request = Selecting::of(request_headers);
        let (mut matching, mut parts) = (Vec::new(), Vec::new());
        for entry in entries.clone().filter(|entry| entry.head.variant.selected_by(&request)) {
            let found = if entry.is_whole() { &mut matching } else { &mut parts };
            found.push(Arc::clone(entry));
        }
        let others = entries.filter(|entry| matching.is_empty() && entry.is_whole());
        let all = others.cloned().collect();
        drop(keys);
        Stock { matching: best_first(matching), parts: best_first(parts), all: best_first(all) }
    }

    /// Whether a whole object lies under the key; does not mark it as used.
    pub(super) fn knows(&self, key: &Key) -> bool {
        let keys = self.keys();
        let variants = keys.variants.peek(key).map(Vec::as_slice).unwrap_or_default();
        variants.iter().any(|kept| kept.entry.is_whole())
    }

    /// Adds an entry and hands out what had to leave for it.
    pub(super) fn insert(&self, key: Key, kept: Kept) -> Vec<Kept> {
        let mut keys = self.keys();
        keys.had_additions |= key.has_additions();
        let variants = keys.variants.get_or_insert_mut(key, Variants::new);
        let mut dropped = displaced(variants, &kept.entry);
        let surplus = (variants.len() + 1).saturating_sub(MAX_VARIANTS);
        dropped.extend(variants.drain(..surplus));
        variants.push(kept);
        dropped
    }

    /// Takes away what `entry` would take the place of.
    pub(super) fn displace(&self, key: &Key, entry: &Entry) -> Vec<Kept> {
        let mut keys = self.keys();
        let Some(variants) = keys.variants.peek_mut(key) else { return Vec::new() };
        let dropped = displaced(variants, entry);
        if variants.is_empty() {
            keys.variants.pop(key);
        }
        dropped
    }

    pub(super) fn remove(&self, key: &Key) -> Vec<Kept> {
        self.keys().variants.pop(key).unwrap_or_default()
    }

    /// Takes away all keys of the same target.
    pub(super) fn remove_target(&self, key: &Key) -> Vec<Kept> {
        let mut keys = self.keys();
        if !keys.had_additions && !key.has_additions() {
            return keys.variants.pop(key).unwrap_or_default();
        }
        let all = keys.variants.iter().map(|(key, _)| key);
        let meant: Vec<Key> = all.filter(|other| other.same_target(key)).cloned().collect();
        meant.iter().filter_map(|key| keys.variants.pop(key)).flatten().collect()
    }

    /// Takes the oldest variant of the least recently used key.
    pub(super) fn evict(&self) -> Option<Kept> {
        let mut keys = self.keys();
        let (key, mut variants) = keys.variants.pop_lru()?;
        let first = (!variants.is_empty()).then(|| variants.remove(0));
        if !variants.is_empty() {
            keys.variants.put(key.clone(), variants);
            keys.variants.demote(&key);
        }
        first
    }

    pub(super) fn len(&self) -> usize {
        self.keys().variants.iter().map(|(_, variants)| variants.len()).sum()
    }

    /// No step under the lock can leave the map half changed, so a panic elsewhere does not spoil it.
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    /// The entries of a key, the last to arrive first; marks the key as used.
    fn latest_first(&mut self, key: &Key) -> impl Iterator<Item = &Arc<Entry>> + Clone {
        let variants = self.variants.get(key).map(Vec::as_slice).unwrap_or_default();
        variants.iter().rev().map(|kept| &kept.entry)
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shard").field("entries", &self.len()).finish()
    }
}

fn displaced(variants: &mut Variants, new: &Entry) -> Vec<Kept> {
    variants.extract_if(.., |old| gives_way(&old.entry, new)).collect()
}

/// The sort keeps the order of equals: the last to arrive comes first.
fn best_first(mut entries: Vec<Arc<Entry>>) -> Vec<Arc<Entry>> {
    entries.sort_by_key(|entry| Reverse(rank(entry)));
    entries
}

/// What carries `Vary` comes first, since some resources forget it on their default answer (RFC 9111 section 4.1), then
/// the newer `Date` (section 4).
fn rank(entry: &Entry) -> (bool, u64) {
    (!entry.head.variant.is_universal(), entry.head.made_at_ms())
}

/// A whole takes the place of all that is stored for its variant. A part leaves the whole alone, which may be stale but
/// can be validated, and leaves other parts of the same version alone, unless it has all their bytes.
fn gives_way(old: &Entry, new: &Entry) -> bool {
    let is_same_variant = old.head.variant == new.head.variant || is_selected_anew(old, new);
    is_same_variant && (new.is_whole() || (!old.is_whole() && supersedes(new, old)))
}

/// Whether a validation changed the names in `Vary`, so that what the old variant was selected by counts no more.
fn is_selected_anew(old: &Entry, new: &Entry) -> bool {
    let (was, is) = (&old.head.variant, &new.head.variant);
    old.body.is_shared_with(&new.body) && !was.names().eq(is.names())
}

fn supersedes(new: &Entry, old: &Entry) -> bool {
    !is_same_version(old, new) || is_inside(new, &[old.bytes()])
}
