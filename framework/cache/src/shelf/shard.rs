//! One part of a shelf behind a mutex. Whatever leaves is handed out, so that memory is freed after the lock is; sorting,
//! too, is done after it.

use std::sync::PoisonError;

use http::HeaderMap;

use super::ordered::Asks;
use super::place::{Hashing, Place};
use super::shelved::{Shelved, sort_best_first};
use super::slots::Slots;
use super::variants::Variants;
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
    pub(super) fn new(hashing: Hashing, share: u64, asks: Asks) -> Self {
        Self(Mutex::new(Slots::new(hashing, share, asks)))
    }

    /// The whole entries of a key, the best first; marks the key as used.
    pub(super) fn all(&self, place: Place, key: &Key) -> Vec<Entry> {
        let mut slots = self.lock();
        let all = slots.used(place, key).map(Variants::latest_first);
        let mut all = wholes(all.unwrap_or_default());
        drop(slots);
        sort_best_first(&mut all);
        all
    }

    /// What there is under a key for a request with these headers; marks the key as used.
    pub(super) fn stock(&self, place: Place, key: &Key, request_headers: &HeaderMap) -> Stock {
        let request = Selecting::of(request_headers);
        let Stock { mut matching, mut parts, mut all } = Stock::default();
        let mut slots = self.lock();
        let variants = slots.selected(place, key, &request, |shelved| {
            let entry = &shelved.entry;
            match entry.is_whole() {
                true => matching.push(entry.clone()),
                false => parts.push(entry.clone()),
            }
        });
        if matching.is_empty() {
            all = wholes(variants.map(Variants::known).unwrap_or_default());
        }
        drop(slots);
        [&mut matching[..], &mut parts, &mut all].into_iter().for_each(sort_best_first);
        Stock { matching, parts, all }
    }

    /// Whether a whole object lies under the key; does not mark it as used.
    pub(super) fn knows(&self, place: Place, key: &Key) -> bool {
        let slots = self.lock();
        let variants = slots.of(place, key);
        variants.is_some_and(|it| it.oldest_first().any(|it| it.entry.is_whole()))
    }

    /// Adds an entry unless `refused` says why not, which is asked under the lock, and hands out what leaves for it.
    pub(super) fn insert<R>(
        &self,
        place: Place,
        key: Key,
        entry: Entry,
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
        let leaving = slots.giving_way(place, key, entry);
        slots.take(place.slot, &leaving)
    }

    /// Takes away all variants of a key.
    pub(super) fn remove(&self, place: Place, key: &Key) -> Vec<Shelved> {
        let mut slots = self.lock();
        let all = slots.of(place, key).map(Variants::numbers).unwrap_or_default();
        slots.take(place.slot, &all)
    }

    /// Takes what has become cold in a crowd; else of the least recently used key that has one the oldest variant that nobody
    /// holds, of a crowd the one that was not used for longest. Keys of which all is held count as used, which they are.
    pub(super) fn evict(&self) -> Option<Shelved> {
        let mut slots = self.lock();
        if let Some((slot, number)) = slots.cold() {
            return slots.take(slot, &[number]).pop();
        }
        for _ in 0..slots.keys() {
            let hash = slots.oldest()?;
            match slots.loose(hash) {
                Some(number) => return slots.take(hash, &[number]).pop(),
                None => slots.promote(hash),
            }
        }
        None
    }

    /// What could be freed by eviction; no more is counted than `wanted`.
    pub(super) fn evictable(&self, wanted: u64) -> u64 {
        let mut slots = self.lock();
        let mut sum = 0_u64;
        for shelved in slots.oldest_first().flat_map(|slot| slot.variants.oldest_first()) {
            sum = sum.saturating_add(shelved.frees());
            if sum >= wanted {
                break;
            }
        }
        sum
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    pub(super) fn keys(&self) -> usize {
        self.lock().keys()
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

fn wholes(found: Vec<&Shelved>) -> Vec<Entry> {
    let entries = found.into_iter().map(|shelved| &shelved.entry);
    entries.filter(|entry| entry.is_whole()).cloned().collect()
}
