//! Purging, and what it does to fetches that are under way. The purge is announced in the log first, then it walks the
//! shards, which are locked for a few entries at a time.
//!
//! Shelves that stand beside each other fill from each other, and are purged together: the purge is announced before it
//! walks the first. Until that is dropped, what begins to be fetched counts as begun before the purge, since what it
//! brings may come from a shelf that was not walked yet. A shelf that stands alone is purged in the same way.

use super::log::Began;
use super::meant::{Announced, What, effect};
use super::place::Place;
use super::shard::{IsNewest, Shard};
use super::shelved::Shelved;
use super::variants::Variants;
use super::{PutOutcome, Shelf};
use crate::entry::Entry;
use crate::head::StoredHead;
use crate::key::Key;
use crate::purge::{Order, Overtaken, Purge, PurgeMode};

/// How many entries are purged under one lock.
const BATCH: usize = 256;

/// An entry of a shard: the place of its key and its number.
type Found = (u64, u64);

impl Shelf {
    /// Purges what is meant in this generation of the service's cache, fresh, stale, in parts and under way alike, and
    /// says how many entries that were, each variant counted. `now_ms` is when what a soft purge outdates became stale.
    ///
    /// A target that belongs to another service is none of this one's.
    pub fn purge(
        &self,
        service: &str,
        generation: u64,
        what: &Purge<'_>,
        mode: PurgeMode,
        now_ms: u64,
    ) -> u64 {
        self.carry_out(&self.announce(service, generation, what, mode, now_ms))
    }

    /// Makes a purge known to this shelf and those beside it, before it is carried out in each of them; it means the same
    /// as in [`Shelf::purge`].
    pub fn announce(
        &self,
        service: &str,
        generation: u64,
        what: &Purge<'_>,
        mode: PurgeMode,
        now_ms: u64,
    ) -> Announced {
        let (meant, effect) = (self.meant(service, generation, what), effect(mode, now_ms));
        let pending = self.log.announce(&meant.tags, effect);
        Announced::of(meant, effect, pending)
    }

    /// Purges what was announced, and says how many entries of this shelf that were.
    pub fn carry_out(&self, announced: &Announced) -> u64 {
        let effect = announced.effect;
        match &announced.meant.what {
            What::Nothing => 0,
            What::Target(key) => self.walk_target(key, effect),
            What::Keys { service, generation, texts } => {
                let is_meant = |key: &Key, entry: &Entry| {
                    key.service() == service
                        && key.generation() == *generation
                        && entry.head.surrogate_keys().any(|text| texts.contains(text))
                };
                let (shards, tags) = (self.shards.iter(), &announced.meant.tags);
                shards.map(|it| it.purge_all(&it.having(tags), effect, is_meant)).sum()
            }
        }
    }

    /// How many entries the service has in this generation of its cache. Counts, but does not walk.
    #[must_use]
    pub fn live(&self, service: &str, generation: u64) -> u64 {
        self.shards.iter().map(|shard| shard.live(service, generation)).sum()
    }

    /// Removes all variants of a key, and of every key that differs from it only in what rules added, and says how many
    /// there were: a write changes the target for everybody (RFC 9111 section 4.4). It counts as a purge for what is
    /// being fetched.
    pub fn remove_target(&self, key: &Key) -> u64 {
        self.purge(key.service(), key.generation(), &Purge::Target(key), PurgeMode::Hard, 0)
    }

    /// Removes all variants of this very key and says how many there were. What is being fetched comes all the same.
    pub fn remove(&self, key: &Key) -> usize {
        let place = self.place(key);
        self.shards.of(place).remove(place, key).len()
    }

    /// Now in the order of purges, for somebody who asks: what was purged before this is done, here and elsewhere.
    #[must_use]
    pub fn order(&self) -> Order {
        self.log.order()
    }

    /// What purges did to an object of this key, with the surrogate keys of this head, whose fetch began at `since`, for
    /// somebody who asked at `until`: those after that do not count for him. `None` is now.
    ///
    /// It is remembered for as long as a fetch lives that began at `since` or before; after that it counts as removed.
    #[must_use]
    pub fn overtaken(
        &self,
        key: &Key,
        head: &StoredHead,
        since: Order,
        until: Option<Order>,
    ) -> Option<Overtaken> {
        let until = until.unwrap_or_else(|| self.log.order());
        if until <= since {
            return None;
        }
        self.log.overtaken(&self.tags(self.place(key), key, head), since, until)
    }

    /// Whether the target of a key was purged after `since` and not after `until`: what is known of a fetch before its
    /// head has told its surrogate keys. It is remembered as long as in [`Shelf::overtaken`].
    #[must_use]
    pub fn target_overtaken(&self, key: &Key, since: Order, until: Order) -> bool {
        until > since && self.log.overtaken(&[self.place(key).target], since, until).is_some()
    }

    /// How many surrogate keys of how many entries are indexed, each pair counted, with what rules added to a key: for
    /// tests that compare.
    #[must_use]
    pub fn indexed(&self) -> usize {
        self.shards.iter().map(Shard::tagged).sum()
    }

    /// All tags that a purge may mean it by, in order.
    pub(super) fn tags(&self, place: Place, key: &Key, head: &StoredHead) -> Vec<u64> {
        let mut tags = self.hashing.surrogate_tags(key, head);
        tags.push(place.target);
        tags.sort_unstable();
        tags
    }

    /// Asked under the lock of the entry's shard, so that no purge can slip in between.
    pub(super) fn refused(
        &self,
        entry: &Entry,
        tags: &[u64],
        began: &Began,
        IsNewest(is_newest): IsNewest,
    ) -> Option<PutOutcome> {
        if !began.is_of(&self.log) {
            return Some(PutOutcome::Purged);
        }
        let superseded = (!is_newest).then_some(PutOutcome::Superseded);
        match self.log.met(tags, began.order()) {
            Some(Overtaken::Removed) => Some(PutOutcome::Purged),
            Some(Overtaken::Outdated { .. }) if !entry.is_whole() => Some(PutOutcome::Purged),
            Some(Overtaken::Outdated { at_ms }) => superseded.or_else(|| {
                entry.head.outdate(at_ms);
                None
            }),
            None => superseded,
        }
    }

    fn walk_target(&self, key: &Key, effect: Overtaken) -> u64 {
        let place = self.place(key);
        let shard = self.shards.of(place);
        shard.purge_all(&shard.of_target(place.target), effect, |found, _| found.same_target(key))
    }
}

impl Shard {
    /// What has one of these tags, each entry once.
    fn having(&self, tags: &[u64]) -> Vec<Found> {
        let slots = self.lock();
        let mut found: Vec<Found> =
            tags.iter().flat_map(|tag| slots.index().having(*tag)).collect();
        drop(slots);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What lies under the plain key of a target, or under one to which rules added something.
    fn of_target(&self, target: u64) -> Vec<Found> {
        let slots = self.lock();
        let plain = slots.peek(target).map(Variants::numbers).unwrap_or_default();
        let plain = plain.into_iter().map(|number| (target, number));
        plain.chain(slots.index().having(target)).collect()
    }

    /// Purges those of the entries that are still there and meant. Two tags may be the same by chance, keys are not.
    fn purge_all(
        &self,
        found: &[Found],
        effect: Overtaken,
        is_meant: impl Fn(&Key, &Entry) -> bool,
    ) -> u64 {
        found.chunks(BATCH).map(|batch| self.purge_batch(batch, effect, &is_meant)).sum()
    }

    fn purge_batch(
        &self,
        batch: &[Found],
        effect: Overtaken,
        is_meant: &impl Fn(&Key, &Entry) -> bool,
    ) -> u64 {
        let mut gone: Vec<Shelved> = Vec::new();
        let mut outdated = 0;
        let mut slots = self.lock();
        for (slot, number) in batch {
            let Some(entry) = slots.peek(*slot).and_then(|it| it.get(*number)) else { continue };
            match effect {
                _ if !slots.key(*slot).is_some_and(|key| is_meant(&key, &entry.entry)) => {}
                Overtaken::Outdated { at_ms } if entry.entry.is_whole() => {
                    entry.entry.head.outdate(at_ms);
                    outdated += 1;
                }
                _ => gone.extend(slots.take(*slot, &[*number])),
            }
        }
        drop(slots);
        gone.len() as u64 + outdated
    }
}
