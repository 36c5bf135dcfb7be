//! What a shard's lock guards: keys in their order of use with their variants in order of arrival, and what is known of
//! them beside, the index and the census. Everything enters and leaves through here, so that all of them agree.

use std::fmt;
use std::sync::Arc;

use super::census::Census;
use super::index::Index;
use super::ordered::Ordered;
use super::place::{Hashing, Place};
use super::variants::{MAX_VARIANTS, Shelved, Variants, gives_way, leaving};
use crate::entry::Entry;
use crate::key::Key;
use crate::purge::Order;

/// A key and its variants, the oldest first; there is at least one.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(super) key: Key,
    pub(super) variants: Variants,
}

/// The keys by the hash of theirs, the most recently used first. No two have the same hash: one in some 2^64 takes the
/// place of another.
pub(super) struct Slots {
    by_hash: Ordered<Slot>,
    index: Index,
    census: Census,
    hashing: Hashing,
    next_number: u64,
}

impl Slots {
    pub(super) fn new(hashing: Hashing) -> Self {
        let (index, census) = (Index::default(), Census::default());
        Self { by_hash: Ordered::new(), index, census, hashing, next_number: 0 }
    }

    /// The variants of a key; marks it as used.
    pub(super) fn used(&mut self, place: Place, key: &Key) -> &[Shelved] {
        let slot = self.by_hash.used(place.slot).filter(|slot| slot.key == *key);
        slot.map(|slot| slot.variants.as_slice()).unwrap_or_default()
    }

    /// The same without marking it.
    pub(super) fn peek(&self, slot: u64) -> Option<&Slot> {
        self.by_hash.peek(slot)
    }

    /// The key that was not used for longest.
    pub(super) fn oldest(&self) -> Option<(u64, &Slot)> {
        self.by_hash.oldest()
    }

    /// Marks a key as used.
    pub(super) fn promote(&mut self, slot: u64) {
        self.by_hash.used(slot);
    }

    /// The keys, the one that was not used for longest first.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Slot> {
        self.by_hash.oldest_first()
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    pub(super) fn census(&self) -> &Census {
        &self.census
    }

    pub(super) fn keys(&self) -> usize {
        self.by_hash.len()
    }

    pub(super) fn len(&self) -> usize {
        self.oldest_first().map(|slot| slot.variants.len()).sum()
    }

    /// Whether there is something of the same variant whose fetch began later, after some purge in between.
    pub(super) fn has_newer(&self, place: Place, key: &Key, entry: &Entry, began: Order) -> bool {
        let slot = self.by_hash.peek(place.slot).filter(|slot| slot.key == *key);
        let mut variants = slot.into_iter().flat_map(|slot| slot.variants.iter());
        variants.any(|old| old.began > began && gives_way(&old.entry, entry))
    }

    /// Adds an entry and hands out what leaves for it.
    pub(super) fn insert(
        &mut self,
        place: Place,
        key: Key,
        entry: Arc<Entry>,
        began: Order,
    ) -> Vec<Shelved> {
        let gone = self.make_way(place, &key, &entry);
        self.next_number += 1;
        let number = self.next_number;
        let fresh = || Slot { key, variants: Variants::new() };
        if let Some(slot) = self.by_hash.used_or_insert(place.slot, fresh) {
            self.index.add(&self.hashing.tags(&slot.key, &entry), place.slot, number);
            self.census.add(&slot.key);
            slot.variants.push(Shelved::new(entry, number, began));
        }
        gone
    }

    /// Takes away what a new entry takes the place of, and the oldest where there are too many.
    fn make_way(&mut self, place: Place, key: &Key, new: &Entry) -> Vec<Shelved> {
        let Some(slot) = self.by_hash.peek(place.slot) else { return Vec::new() };
        let is_other = slot.key != *key;
        let leaves = |old: &Shelved| is_other || gives_way(&old.entry, new);
        let staying = slot.variants.iter().filter(|old| !leaves(old)).count();
        let mut surplus = (staying + 1).saturating_sub(MAX_VARIANTS);
        self.take(place.slot, |old| {
            let is_surplus = !leaves(old) && surplus > 0;
            surplus -= usize::from(is_surplus);
            is_surplus || leaves(old)
        })
    }

    /// Takes away the variants that `leaves` chooses, and the key with the last of them.
    pub(super) fn take(&mut self, slot: u64, leaves: impl FnMut(&Shelved) -> bool) -> Vec<Shelved> {
        let Some(Slot { key, variants }) = self.by_hash.peek_mut(slot) else { return Vec::new() };
        let gone = leaving(variants, leaves);
        for shelved in &gone {
            self.index.remove(&self.hashing.tags(key, &shelved.entry), slot, shelved.number);
            self.census.remove(key);
        }
        if variants.is_empty() {
            self.by_hash.remove(slot);
        }
        gone
    }
}

impl Hashing {
    /// Every tag that an entry is purged by: its surrogate keys, and the target of a key to which rules added something.
    /// What the target's plain key has is found by its place.
    fn tags(&self, key: &Key, entry: &Entry) -> Vec<u64> {
        let target = key.has_additions().then(|| self.place(key).target);
        self.surrogate_tags(key, &entry.head).into_iter().chain(target).collect()
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slots").field("keys", &self.by_hash.len()).finish_non_exhaustive()
    }
}
