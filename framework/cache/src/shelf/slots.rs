//! What a shard's lock guards: keys in their order of use with their variants, and what is known of them beside, the index
//! and the census. Everything enters and leaves through here, so that all of them agree.

use std::collections::BTreeSet;
use std::fmt;

use super::census::Census;
use super::index::Index;
use super::ordered::{Asks, Far, Noted, Pieces};
use super::place::{Hashing, Place};
use super::shelved::Shelved;
use super::short::{Beginnings, Short};
use super::variants::Variants;
use crate::entry::Entry;
use crate::key::Key;
use crate::purge::Order;
use crate::vary::Selecting;

/// A key and its variants; there is at least one.
#[derive(Debug)]
pub(crate) struct Slot {
    key: Short,
    pub(super) variants: Variants,
}

/// The keys by the hash of theirs, the most recently used first. No two have the same hash: one in some 2^64 takes the
/// place of another.
pub(super) struct Slots {
    by_hash: Noted<Slot>,
    beginnings: Beginnings,
    index: Index,
    census: Census,
    hashing: Hashing,
    /// What a crowd of variants may take, in bytes.
    share: u64,
    /// The places of the crowds, and which of them was looked at last for what could go.
    crowds: BTreeSet<u64>,
    turn: u64,
    entries: usize,
    last_number: u64,
}

impl Slots {
    /// `share` is what a crowd of variants of one key may take, in bytes.
    pub(super) fn new(hashing: Hashing, share: u64, asks: Asks) -> Self {
        let (index, census) = (Index::default(), Census::default());
        let (by_hash, crowds) = (Noted::new(asks), BTreeSet::new());
        let beginnings = Beginnings::default();
        Self {
            by_hash,
            beginnings,
            index,
            census,
            hashing,
            share,
            crowds,
            turn: 0,
            entries: 0,
            last_number: 0,
        }
    }

    /// The variants of a key; marks it as used.
    pub(super) fn used(&mut self, place: Place, key: &Key) -> Option<&Variants> {
        let slot = self.by_hash.used(place.slot)?;
        self.beginnings.is(&slot.key, key).then_some(&slot.variants)
    }

    /// Shows `found` what of a key a request selects, the last to arrive first, and marks both as used. Gives back all variants
    /// of the key.
    pub(super) fn selected(
        &mut self,
        place: Place,
        key: &Key,
        request: &Selecting<'_>,
        found: impl FnMut(&Shelved),
    ) -> Option<&Variants> {
        let slot = self.by_hash.used(place.slot)?;
        slot.variants.touch();
        if !self.beginnings.is(&slot.key, key) {
            return None;
        }
        slot.variants.selected(&self.hashing, request, self.last_number, found);
        Some(&slot.variants)
    }

    /// What lies in a slot, without marking it.
    pub(super) fn peek(&self, slot: u64) -> Option<&Variants> {
        self.by_hash.peek(slot).map(|slot| &slot.variants)
    }

    /// The variants of a key, without marking it.
    pub(super) fn of(&self, place: Place, key: &Key) -> Option<&Variants> {
        let slot = self.by_hash.peek(place.slot)?;
        self.beginnings.is(&slot.key, key).then_some(&slot.variants)
    }

    /// The key of a slot.
    pub(super) fn key(&self, slot: u64) -> Option<Key> {
        self.beginnings.key(&self.by_hash.peek(slot)?.key)
    }

    /// The key that was not used for longest.
    pub(super) fn oldest(&mut self) -> Option<u64> {
        self.by_hash.in_order().oldest().map(|(slot, _)| slot)
    }

    /// The number of the variant of a key that nobody holds and that was not used for longest.
    pub(super) fn loose(&mut self, slot: u64) -> Option<u64> {
        self.by_hash.peek_mut(slot)?.variants.loose(self.last_number)
    }

    /// A variant that goes before whatever key comes last, with the place of its key: one of a crowd, however much that is
    /// used, that was not used itself while as many entries came as there are. In one order of use for all entries it would
    /// have gone by then. The crowds are looked at in turn.
    pub(super) fn cold(&mut self) -> Option<(u64, u64)> {
        let next = self.crowds.range(self.turn.saturating_add(1)..).next();
        self.turn = *next.or(self.crowds.first())?;
        let since = self.last_number.checked_sub(self.entries as u64)?;
        let number = self.by_hash.peek(self.turn)?.variants.cold(since)?;
        Some((self.turn, number))
    }

    /// The numbers of what a new entry would take the place of.
    pub(super) fn giving_way(&self, place: Place, key: &Key, new: &Entry) -> Vec<u64> {
        self.old(place, key, new).into_iter().map(|old| old.number).collect()
    }

    /// Marks a key as used.
    pub(super) fn promote(&mut self, slot: u64) {
        self.by_hash.used(slot);
    }

    /// The keys, the one that was not used for longest first.
    pub(super) fn oldest_first(&mut self) -> impl Iterator<Item = &Slot> {
        self.by_hash.in_order().oldest_first()
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
        self.entries
    }

    /// Whether there is something of the same variant whose fetch began later, after some purge in between.
    pub(super) fn has_newer(&self, place: Place, key: &Key, entry: &Entry, began: Order) -> bool {
        self.old(place, key, entry).into_iter().any(|old| old.began() > began)
    }

    /// Adds an entry and hands out what leaves for it.
    pub(super) fn insert(
        &mut self,
        place: Place,
        key: Key,
        entry: Entry,
        began: Order,
    ) -> Vec<Shelved> {
        let mut gone = self.make_way(place, &key, &entry);
        self.last_number += 1;
        let number = self.last_number;
        let beginnings = &mut self.beginnings;
        let fresh = || Slot { key: beginnings.shorten(&key), variants: Variants::none() };
        if let Some(slot) = self.by_hash.used_or_insert(place.slot, fresh) {
            self.index.add(&self.hashing.tags(&key, &entry), place.slot, number);
            self.census.add(&key);
            slot.variants.push(&self.hashing, &key, Shelved::new(entry, number, began));
            self.entries += 1;
            if slot.variants.is_crowd() {
                self.crowds.insert(place.slot);
            }
        }
        self.by_hash.note(place.slot);
        self.trim(place.slot, number, &mut gone);
        gone
    }

    /// What there is under a key that a new entry takes the place of.
    fn old(&self, place: Place, key: &Key, new: &Entry) -> Vec<&Shelved> {
        let variants = self.of(place, key);
        variants.map(|it| it.giving_way(&self.hashing, new)).unwrap_or_default()
    }

    /// Takes away what a new entry takes the place of, and all that another key has in its place.
    fn make_way(&mut self, place: Place, key: &Key, new: &Entry) -> Vec<Shelved> {
        let Some(there) = self.peek(place.slot) else { return Vec::new() };
        let leaving = match self.of(place, key) {
            Some(_) => self.giving_way(place, key, new),
            None => there.numbers(),
        };
        self.take(place.slot, &leaving)
    }

    /// Takes away what a key has too much of since this entry came.
    fn trim(&mut self, slot: u64, last: u64, gone: &mut Vec<Shelved>) {
        while let Some(found) = self.by_hash.peek(slot) {
            let surplus = found.variants.surplus(self.share, last);
            if surplus.is_empty() {
                return;
            }
            gone.extend(self.take(slot, &surplus));
        }
    }

    /// Takes away the variants with these numbers, and the key with the last of them.
    pub(super) fn take(&mut self, slot: u64, numbers: &[u64]) -> Vec<Shelved> {
        let Some(key) = self.key(slot) else { return Vec::new() };
        let Some(Slot { variants, .. }) = self.by_hash.peek_mut(slot) else { return Vec::new() };
        let gone: Vec<Shelved> =
            numbers.iter().filter_map(|number| variants.take(*number)).collect();
        for shelved in &gone {
            self.index.remove(&self.hashing.tags(&key, &shelved.entry), slot, shelved.number);
            self.census.remove(&key);
        }
        self.entries -= gone.len();
        if !variants.is_crowd() {
            self.crowds.remove(&slot);
        }
        match variants.len() {
            0 => {
                let left = self.by_hash.remove(slot);
                left.iter().for_each(|left| self.beginnings.release(&left.key));
            }
            _ => self.by_hash.note(slot),
        }
        gone
    }
}

impl Far for Slot {
    fn pieces(&self) -> Pieces {
        self.variants.pieces()
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
