//! What a POP has read and kept: a map under a byte budget, least recently read out first.
//!
//! A read notes how many changes its part of the map has seen before it asks the engine, and what it got is kept only if
//! there were no more: an item that was read before a change never stays after it.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;
use selvedge::store::kv::KvEntry;
use selvedge_model::{id::StoreId, key::KvKey};

use super::{View, budget::Budget};
use crate::stores::kv::{Change, Watch, rule::is_live};

/// Threads that read different items seldom wait for each other.
const SHARDS: usize = 16;

/// What an item costs beside its key, metadata and value: entries of the map, allocations.
const OVERHEAD: usize = 256;

/// What was read and kept.
pub(super) struct Kept {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
    budget: Budget,
    lag_ms: u64,
}

struct Shard {
    items: LruCache<(StoreId, KvKey), Item>,
    changes: u64,
}

struct Item {
    /// `None`: there was none.
    entry: Option<KvEntry>,
    /// The first millisecond at which it must not be served; `None` while nobody wrote over it.
    until_ms: Option<u64>,
    bytes: usize,
}

/// What is known of an item.
pub(super) enum Look {
    /// This is read, or that there is none.
    Found(Option<KvEntry>),
    /// Nothing; what the engine says may be kept with this.
    Unknown(Ticket),
}

/// How many changes a part of the map had seen.
pub(super) struct Ticket(u64);

impl Kept {
    pub(super) fn new(view: View) -> Self {
        let shard = |_| Mutex::new(Shard { items: LruCache::unbounded(), changes: 0 });
        Self {
            shards: std::array::from_fn(shard),
            hasher: RandomState::new(),
            budget: Budget::of(view.bytes),
            lag_ms: view.lag_ms,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.budget.taken()
    }

    /// What is kept of an item, as it is at this time.
    pub(super) fn look(&self, store: &StoreId, key: &KvKey, now_ms: u64) -> Look {
        let place = (store.clone(), key.clone());
        let mut shard = self.shard(self.number(&place));
        match shard.items.get(&place) {
            Some(item) if item.until_ms.is_none_or(|until| now_ms < until) => {
                let live = item.entry.as_ref().filter(|entry| is_live(&entry.head, now_ms));
                Look::Found(live.cloned())
            }
            Some(_) => {
                self.remove(&mut shard, &place);
                Look::Unknown(Ticket(shard.changes))
            }
            None => Look::Unknown(Ticket(shard.changes)),
        }
    }

    /// Keeps what the engine said, unless something has changed since.
    pub(super) fn keep(
        &self,
        ticket: Ticket,
        store: &StoreId,
        key: &KvKey,
        entry: Option<&KvEntry>,
    ) {
        let place = (store.clone(), key.clone());
        let number = self.number(&place);
        let bytes = cost(&place, entry);
        if self.make_room(number, bytes).is_none() {
            return;
        }
        let mut shard = self.shard(number);
        if shard.changes == ticket.0 {
            let item = Item { entry: entry.cloned(), until_ms: None, bytes };
            if let Some(other) = shard.items.put(place, item) {
                self.budget.give_back(other.bytes);
            }
        } else {
            self.budget.give_back(bytes);
        }
    }

    /// Keeps nothing of an item, nor what is being read of it now.
    pub(super) fn forget(&self, store: &StoreId, key: &KvKey) {
        let place = (store.clone(), key.clone());
        let mut shard = self.shard(self.number(&place));
        shard.changes += 1;
        self.remove(&mut shard, &place);
    }

    fn remove(&self, shard: &mut Shard, place: &(StoreId, KvKey)) {
        if let Some(item) = shard.items.pop(place) {
            self.budget.give_back(item.bytes);
        }
    }

    /// Takes bytes of the budget, evicting for them; `None` for what would fill half of it.
    fn make_room(&self, number: usize, bytes: usize) -> Option<()> {
        if bytes > self.budget.all() / 2 {
            return None;
        }
        while self.budget.take(bytes).is_none() {
            self.evict(number)?;
        }
        Some(())
    }

    /// Evicts one item, of this shard if it has one; `None` if no shard has.
    fn evict(&self, number: usize) -> Option<()> {
        let (before, after) = self.shards.split_at(number);
        after.iter().chain(before).find_map(|shard| {
            let (_, item) = locked(shard).items.pop_lru()?;
            self.budget.give_back(item.bytes);
            Some(())
        })
    }

    fn item_changed(&self, store: &StoreId, key: &KvKey, now_ms: u64) {
        if self.lag_ms == 0 {
            return self.forget(store, key);
        }
        let place = (store.clone(), key.clone());
        let mut shard = self.shard(self.number(&place));
        shard.changes += 1;
        if let Some(item) = shard.items.peek_mut(&place) {
            let until = now_ms.saturating_add(self.lag_ms);
            item.until_ms = Some(item.until_ms.map_or(until, |earlier| earlier.min(until)));
        }
    }

    fn store_changed(&self, store: &StoreId) {
        for shard in &self.shards {
            let mut shard = locked(shard);
            shard.changes += 1;
            let gone: Vec<_> = shard
                .items
                .iter()
                .map(|(place, _)| place)
                .filter(|it| it.0 == *store)
                .cloned()
                .collect();
            gone.iter().for_each(|place| self.remove(&mut shard, place));
        }
    }

    fn number(&self, place: &(StoreId, KvKey)) -> usize {
        let hash = self.hasher.hash_one(place);
        usize::try_from(hash % 16).unwrap_or_default()
    }

    fn shard(&self, number: usize) -> MutexGuard<'_, Shard> {
        locked(&self.shards[number % SHARDS])
    }
}

impl Watch for Kept {
    fn changed(&self, change: Change<'_>) {
        match change {
            Change::Item { store, key, now_ms } => self.item_changed(store, key, now_ms),
            Change::Store { store } => self.store_changed(store),
        }
    }
}

/// A panic elsewhere leaves the map whole.
fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cost(place: &(StoreId, KvKey), entry: Option<&KvEntry>) -> usize {
    let content = entry.map_or(0, |entry| entry.value.len() + entry.head.metadata.len());
    OVERHEAD + place.1.as_str().len() + content
}
