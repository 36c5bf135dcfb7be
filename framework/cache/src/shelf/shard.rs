//! One part of a shelf behind a mutex. Whatever leaves is handed out, so that memory is freed after the lock is; sorting,
//! too, is done after it.

use std::sync::{Arc, PoisonError};

use http::HeaderMap;

use super::place::{Hashing, Place};
use super::slots::Slots;
use super::variants::{Shelved, best_first, frees, gives_way, loose};
use crate::entry::Entry;
use crate::key::Key;
use crate::purge::Order;
use crate::stock::Stock;
use crate::sync::{Mutex, MutexGuard};
use crate::vary::Selecting;

/// Whether nothing of the same variant was fetched since.
#[derive(Debug, Clone, Copy)]
pub(super) struct IsNewest(pub(super) bool);

/// One shard.
#[derive(Debug)]
pub(super) struct Shard(Mutex<Slots>);

impl Shard {
    pub(super) fn new(hashing: Hashing) -> Self {
        Self(Mutex::new(Slots::new(hashing)))
    }

    /// The entries of a key that `wanted` lets through, the best first; marks the key as used.
    pub(super) fn find(
        &self,
        place: Place,
        key: &Key,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Vec<Arc<Entry>> {
        let mut slots = self.lock();
        let latest = slots.used(place, key).iter().rev().map(|shelved| &shelved.entry);
        let found = latest.filter(|entry| wanted(entry)).cloned().collect();
        drop(slots);
        best_first(found)
    }

    /// What there is under a key for a request with these headers; marks the key as used.
    pub(super) fn stock(&self, place: Place, key: &Key, request_headers: &HeaderMap) -> Stock {
        let mut slots = self.lock();
        let entries = slots.used(place, key).iter().rev().map(|shelved| &shelved.entry);
        let request = Selecting::of(request_headers);
        let (mut matching, mut parts) = (Vec::new(), Vec::new());
        for entry in entries.clone().filter(|entry| entry.head.variant.selected_by(&request)) {
            let found = if entry.is_whole() { &mut matching } else { &mut parts };
            found.push(Arc::clone(entry));
        }
        let others = entries.filter(|entry| matching.is_empty() && entry.is_whole());
        let all = others.cloned().collect();
        drop(slots);
        Stock { matching: best_first(matching), parts: best_first(parts), all: best_first(all) }
    }

    /// Whether a whole object lies under the key; does not mark it as used.
    pub(super) fn knows(&self, place: Place, key: &Key) -> bool {
        let slots = self.lock();
        let slot = slots.peek(place.slot).filter(|slot| slot.key == *key);
        slot.is_some_and(|slot| slot.variants.iter().any(|shelved| shelved.entry.is_whole()))
    }

    /// Adds an entry unless `refused` says why not, which is asked under the lock, and hands out what leaves for it.
    pub(super) fn insert<R>(
        &self,
        place: Place,
        key: Key,
        entry: Arc<Entry>,
        began: Order,
        refused: impl FnOnce(&Entry, IsNewest) -> Option<R>,
    ) -> Result<Vec<Shelved>, R> {
        let mut slots = self.lock();
        let is_newest = IsNewest(!slots.has_newer(place, &key, &entry, began));
        match refused(&entry, is_newest) {
            Some(reason) => Err(reason),
            None => Ok(slots.insert(place, key, entry, began)),
        }
    }

    /// Takes away what `entry` would take the place of.
    pub(super) fn displace(&self, place: Place, key: &Key, entry: &Entry) -> Vec<Shelved> {
        let mut slots = self.lock();
        let is_there = slots.peek(place.slot).is_some_and(|slot| slot.key == *key);
        slots.take(place.slot, |old| is_there && gives_way(&old.entry, entry))
    }

    /// Takes away all variants of a key.
    pub(super) fn remove(&self, place: Place, key: &Key) -> Vec<Shelved> {
        let mut slots = self.lock();
        let is_there = slots.peek(place.slot).is_some_and(|slot| slot.key == *key);
        slots.take(place.slot, |_| is_there)
    }

    /// Takes the oldest variant that nobody holds of the least recently used key that has one. Keys of which all is held
    /// count as used, which they are.
    pub(super) fn evict(&self) -> Option<Shelved> {
        let mut slots = self.lock();
        for _ in 0..slots.keys() {
            let (hash, slot) = slots.oldest()?;
            match loose(&slot.variants).map(|shelved| shelved.number) {
                Some(number) => return slots.take(hash, |old| old.number == number).pop(),
                None => slots.promote(hash),
            }
        }
        None
    }

    /// What could be freed by eviction; no more is counted than `wanted`.
    pub(super) fn evictable(&self, wanted: u64) -> u64 {
        let slots = self.lock();
        let mut sum = 0_u64;
        for slot in slots.oldest_first() {
            let free = |shelved| frees(&slot.variants, shelved);
            sum = sum.saturating_add(slot.variants.iter().map(free).sum());
            if sum >= wanted {
                break;
            }
        }
        sum
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    pub(super) fn live(&self, service: &str, generation: u64) -> u64 {
        self.lock().census().count(service, generation)
    }

    /// How many tags its entries have; for tests of the index.
    pub(super) fn tagged(&self) -> usize {
        self.lock().index().len()
    }

    /// No step under the lock can leave the map half changed, so a panic elsewhere does not spoil it.
    pub(super) fn lock(&self) -> MutexGuard<'_, Slots> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
