//! Where cached objects lie: in memory, in shards that are locked for moments, under one byte budget.
//!
//! The budget is one for all shards, so that an object may take an eighth of the whole. Room is taken before an object
//! is put down, so the shelf is never above its budget, not even for a moment. What is evicted goes shard by shard in
//! turn, the least recently used key of each first: exact within a shard, near enough over all of them. Entries that
//! somebody is still reading live on outside of the accounts until they are read.
//!
//! It forgets nothing by time: an expired entry stays until it is replaced or evicted.

mod budget;
mod shard;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::HeaderMap;

use self::budget::Budget;
use self::shard::{Kept, Shard};
use crate::decision::NoStore;
use crate::entry::Entry;
use crate::key::Key;
use crate::receive::Renewed;
use crate::stock::Stock;

/// The share of the budget that one body may take is 1 / 8.
const MAX_OBJECT_SHARE: u64 = 8;

/// A shelf has one shard for each such piece of its budget; a small one has a single shard and an exact order of use.
const BYTES_PER_SHARD: u64 = 4 * 1024 * 1024;

/// Enough that cores seldom meet at one lock.
const MAX_SHARDS: u64 = 64;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// It lies on the shelf.
    Stored,
    /// Its body is above [`Shelf::max_object`], or it cannot fit beside what other threads are putting down.
    TooLarge,
}

/// Cached objects by key and variant.
#[derive(Debug)]
pub struct Shelf {
    budget: Budget,
    shards: Box<[Shard]>,
    picker: RandomState,
    next_victim: AtomicUsize,
}

impl Shelf {
    /// An empty shelf that holds at most `budget_bytes`: heads, bodies and a fixed overhead per entry.
    #[must_use]
    pub fn new(budget_bytes: u64) -> Self {
        let count = (budget_bytes / BYTES_PER_SHARD).clamp(1, MAX_SHARDS);
        Self {
            budget: Budget::new(budget_bytes),
            shards: (0..count).map(|_| Shard::default()).collect(),
            picker: RandomState::new(),
            next_victim: AtomicUsize::new(0),
        }
    }

    /// The largest body that it takes, in bytes: an eighth of the budget.
    #[must_use]
    pub fn max_object(&self) -> u64 {
        self.budget.limit() / MAX_OBJECT_SHARE
    }

    /// What is stored for a request with these headers, all of it found in one visit. The best comes first: what has
    /// `Vary` before what has none, then the newer `Date`, then the later arrival. Marks the key as used and counts no
    /// hit; `decide` picks by freshness.
    #[must_use]
    pub fn stock(&self, key: &Key, request_headers: &HeaderMap) -> Stock {
        self.shard(key).stock(key, request_headers)
    }

    /// Every whole object that a request with these headers could be answered with, in the order of [`Shelf::stock`].
    #[must_use]
    pub fn find(&self, key: &Key, request_headers: &HeaderMap) -> Vec<Arc<Entry>> {
        let wanted =
            |entry: &Entry| entry.is_whole() && entry.head.variant.matches(request_headers);
        self.shard(key).find(key, wanted)
    }

    /// Every whole object of the key, also for other request headers, in the order of [`Shelf::stock`]: what a request
    /// that matches none of them can ask the origin about (RFC 9111 section 4.1).
    #[must_use]
    pub fn variants(&self, key: &Key) -> Vec<Arc<Entry>> {
        self.shard(key).find(key, Entry::is_whole)
    }

    /// Every part of an object that matches these headers, in the order of [`Shelf::stock`]. Whether one has what the
    /// request wants, [`covers`](crate::partial::covers) says.
    #[must_use]
    pub fn parts(&self, key: &Key, request_headers: &HeaderMap) -> Vec<Arc<Entry>> {
        let wanted =
            |entry: &Entry| !entry.is_whole() && entry.head.variant.matches(request_headers);
        self.shard(key).find(key, wanted)
    }

    /// Whether a whole object lies under the key, for whatever request headers: then a request that finds nothing is a
    /// `vary-miss`.
    #[must_use]
    pub fn known(&self, key: &Key) -> bool {
        self.shard(key).knows(key)
    }

    /// Puts an entry down in the place of the same variant; a part takes the place of older parts only. A key keeps 64
    /// variants; beyond that the one that came first goes, so that a `Vary` on a header that clients invent cannot fill
    /// the shelf with one key.
    pub fn put(&self, key: Key, entry: impl Into<Arc<Entry>>) -> PutOutcome {
        let entry = entry.into();
        let cost = entry.size().saturating_add(key.text_len() as u64);
        if entry.body.len() > self.max_object() || !self.make_room(cost) {
            return PutOutcome::TooLarge;
        }
        let dropped = self.shard(&key).insert(key, Kept { entry, cost });
        self.give_back(&dropped);
        PutOutcome::Stored
    }

    /// Does what a validation said of an entry, and gives back the entry to answer with. If the 304 forbids what the 200
    /// allowed, the entry goes, and other variants stay. If it is the request that forbids storing, nothing of its
    /// response is kept, and what lies here stays as it was.
    pub fn renew(&self, key: &Key, renewed: Renewed) -> (Arc<Entry>, Result<(), NoStore>) {
        let (entry, keep) = (Arc::new(renewed.entry), renewed.keep);
        match keep {
            Ok(()) => {
                self.put(key.clone(), Arc::clone(&entry));
            }
            Err(reason) if reason.is_of_request() => {}
            Err(_) => self.give_back(&self.shard(key).displace(key, &entry)),
        }
        (entry, keep)
    }

    /// Takes away what lies here as the variant of this entry: the origin has another answer by now.
    pub fn outdate(&self, key: &Key, entry: &Entry) {
        self.give_back(&self.shard(key).displace(key, entry));
    }

    /// Removes all variants of a key and says how many there were.
    pub fn remove(&self, key: &Key) -> usize {
        let dropped = self.shard(key).remove(key);
        self.give_back(&dropped);
        dropped.len()
    }

    /// Removes all variants of a key, and of every key that differs from it only in what rules added, and says how many
    /// there were: a write changes the target for everybody (RFC 9111 section 4.4).
    ///
    /// Keys of one target lie in one shard. It is walked only if it has ever had a key with something added; without
    /// such rules this costs no more than [`Shelf::remove`].
    pub fn remove_target(&self, key: &Key) -> usize {
        let dropped = self.shard(key).remove_target(key);
        self.give_back(&dropped);
        dropped.len()
    }

    /// Bytes in use; never above the budget.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        self.budget.used()
    }

    /// How many entries there are, each variant counted. Walks the whole shelf.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// There is at least one shard, so the index is always inside. What rules added does not count.
    fn shard(&self, key: &Key) -> &Shard {
        let hash = self.picker.hash_one(key.target());
        &self.shards[(hash % self.shards.len() as u64) as usize]
    }

    /// Takes `cost` from the budget, evicting until it fits. Fails when it never can, or when nothing is left to evict
    /// because other threads hold the room for what they are about to put down.
    fn make_room(&self, cost: u64) -> bool {
        if cost > self.budget.limit() {
            return false;
        }
        while !self.budget.try_take(cost) {
            let Some(evicted) = self.evict() else { return false };
            self.budget.give_back(evicted.cost);
        }
        true
    }

    /// Evicts one entry, beginning with the shard whose turn it is.
    fn evict(&self) -> Option<Kept> {
        let count = self.shards.len();
        let turn = self.next_victim.fetch_add(1, Ordering::Relaxed) % count;
        self.shards.iter().cycle().skip(turn).take(count).find_map(Shard::evict)
    }

    fn give_back(&self, dropped: &[Kept]) {
        self.budget.give_back(dropped.iter().map(|kept| kept.cost).sum());
    }
}
