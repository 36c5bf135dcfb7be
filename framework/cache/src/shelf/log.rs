//! The order of purges and fetches: what was purged since the oldest fetch that is under way.
//!
//! A purge is announced before it walks the shards, and an object is compared with the log under the lock of its shard.
//! So either the object's coming sees the purge here, or the purge sees the object there. As long as it is pending it
//! counts for whatever comes, since that may be copied from where it was not yet. When it is done it takes its number:
//! what began before that began before the purge, and who asks from then on is answered by nothing of the kind. So each
//! purge counts from its own end on, whatever other purges are pending.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};

use crate::purge::{Order, Overtaken};
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// How many records there may be; when there are more, the older half is forgotten.
const MAX_RECORDS: usize = 4096;

/// What was purged: one key or target. Of two that share a tag both count as purged, which errs on the safe side.
#[derive(Debug, Clone, Copy)]
struct Record {
    order: u64,
    tag: u64,
    effect: Overtaken,
}

/// The log of a shelf.
#[derive(Debug)]
pub(super) struct Log {
    /// The number of the latest purge. It is written under the lock and read without.
    latest: AtomicU64,
    /// How many purges are pending; written and read like that.
    pending: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In order.
    records: VecDeque<Record>,
    /// How many fetches began at which number, in order.
    under_way: VecDeque<(u64, usize)>,
    /// The purges that were announced and may not be done everywhere.
    pending: Vec<Arc<Planned>>,
    /// The number of the latest purge whose record is no more.
    forgotten: u64,
}

/// A fetch under way: while it is, the shelf remembers what is purged. Cloning it makes another that began at the same
/// moment. It may be dropped on any thread.
#[derive(Debug)]
#[must_use = "what is purged is remembered for as long as it lives"]
pub struct Began {
    log: Arc<Log>,
    order: Order,
}

impl Began {
    /// When it began.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// Whether it is of this log.
    pub(super) fn is_of(&self, log: &Arc<Log>) -> bool {
        Arc::ptr_eq(&self.log, log)
    }
}

impl Clone for Began {
    fn clone(&self) -> Self {
        self.log.state().begin(self.order.0);
        Self { log: Arc::clone(&self.log), order: self.order }
    }
}

impl Drop for Began {
    fn drop(&mut self) {
        self.log.state().end(self.order.0);
    }
}

/// A purge that was announced and may not be done everywhere. It is when this is dropped.
#[derive(Debug)]
pub(super) struct Pending {
    log: Arc<Log>,
    planned: Arc<Planned>,
}

/// What is to be purged.
#[derive(Debug)]
struct Planned {
    tags: Vec<u64>,
    effect: Overtaken,
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.log.settle(&self.planned);
    }
}

impl Default for Log {
    fn default() -> Self {
        let (latest, pending) = (AtomicU64::new(0), AtomicUsize::new(0));
        Self { latest, pending, state: Mutex::default() }
    }
}

impl Log {
    pub(super) fn begin(self: &Arc<Self>) -> Began {
        let mut state = self.state();
        let order = self.order();
        state.begin(order.0);
        drop(state);
        Began { log: Arc::clone(self), order }
    }

    /// The latest purge that is done.
    pub(super) fn order(&self) -> Order {
        Order(self.latest.load(Ordering::Acquire))
    }

    /// Notes a purge of these tags that is pending until what this returns is dropped.
    pub(super) fn announce(self: &Arc<Self>, tags: &[u64], effect: Overtaken) -> Pending {
        let planned = Arc::new(Planned { tags: tags.to_vec(), effect });
        let mut state = self.state();
        state.pending.push(Arc::clone(&planned));
        self.pending.store(state.pending.len(), Ordering::Release);
        drop(state);
        Pending { log: Arc::clone(self), planned }
    }

    /// It is in the order before it is pending no more.
    fn settle(&self, done: &Arc<Planned>) {
        let mut state = self.state();
        self.note(&mut state, &done.tags, done.effect);
        state.pending.retain(|planned| !Arc::ptr_eq(planned, done));
        self.pending.store(state.pending.len(), Ordering::Release);
    }

    /// Gives it a number. Where no fetch is under way there is nobody to remember it for.
    fn note(&self, state: &mut State, tags: &[u64], effect: Overtaken) {
        let order = self.latest.load(Ordering::Relaxed) + 1;
        match state.under_way.is_empty() {
            true => state.forgotten = order,
            false => {
                state.records.extend(tags.iter().map(|tag| Record { order, tag: *tag, effect }))
            }
        }
        if state.records.len() > MAX_RECORDS {
            let half = state.records.len() - MAX_RECORDS / 2;
            state.forget(half);
        }
        self.latest.store(order, Ordering::Release);
    }

    /// What became of an object with these tags, which are sorted: the hardest that was done to it after `since` and not
    /// after `until`. What nobody remembers has removed it.
    pub(super) fn overtaken(&self, tags: &[u64], since: Order, until: Order) -> Option<Overtaken> {
        if self.order() <= since {
            return None;
        }
        self.state().done(tags, since, until)
    }

    /// What becomes of an object with these tags, which are sorted, that was fetched since then and comes now: what is
    /// pending counts, too.
    pub(super) fn met(&self, tags: &[u64], since: Order) -> Option<Overtaken> {
        if self.pending.load(Ordering::Acquire) == 0 && self.order() <= since {
            return None;
        }
        let state = self.state();
        let done = state.done(tags, since, self.order());
        state.planned(tags).chain(done).reduce(harder)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn done(&self, tags: &[u64], since: Order, until: Order) -> Option<Overtaken> {
        if since.0 < self.forgotten {
            return Some(Overtaken::Removed);
        }
        let first = self.records.partition_point(|record| record.order <= since.0);
        let later = self.records.range(first..).take_while(|record| record.order <= until.0);
        let meant = later.filter(|record| tags.binary_search(&record.tag).is_ok());
        meant.map(|record| record.effect).reduce(harder)
    }

    fn planned(&self, tags: &[u64]) -> impl Iterator<Item = Overtaken> {
        let is_meant = |tag: &u64| tags.binary_search(tag).is_ok();
        let meant = self.pending.iter().filter(move |it| it.tags.iter().any(is_meant));
        meant.map(|planned| planned.effect)
    }

    fn begin(&mut self, order: u64) {
        match self.under_way.binary_search_by_key(&order, |(began, _)| *began) {
            Ok(at) => self.under_way[at].1 += 1,
            Err(at) => self.under_way.insert(at, (order, 1)),
        }
    }

    fn end(&mut self, order: u64) {
        if let Ok(at) = self.under_way.binary_search_by_key(&order, |(began, _)| *began) {
            self.under_way[at].1 -= 1;
            self.under_way.retain(|(_, count)| *count > 0);
        }
        let oldest = self.under_way.front().map_or(u64::MAX, |(began, _)| *began);
        self.forget(self.records.partition_point(|record| record.order <= oldest));
    }

    /// Forgets so many of the oldest records, and the room that they took once most of them are gone.
    fn forget(&mut self, count: usize) {
        if let Some(last) = self.records.drain(..count).next_back() {
            self.forgotten = last.order;
        }
        if self.records.is_empty() {
            self.records = VecDeque::new();
        }
    }
}

/// A removal counts more than an outdating, and of two outdatings the first.
fn harder(one: Overtaken, other: Overtaken) -> Overtaken {
    match (one, other) {
        (Overtaken::Outdated { at_ms: one }, Overtaken::Outdated { at_ms: other }) => {
            Overtaken::Outdated { at_ms: one.min(other) }
        }
        _ => Overtaken::Removed,
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
