//! The bytes that a shelf may use, as numbers that all threads take from and give back to.

use crate::sync::atomic::{AtomicU64, Ordering};

/// Bodies that are being gathered may take a quarter of the budget.
const GATHERING_SHARE: u64 = 4;

/// A limit and what is taken of it.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: u64,
    /// What anybody holds of it.
    used: AtomicU64,
    /// What of that the entries on the shelf hold, others' handles to them included.
    on_shelf: AtomicU64,
    /// What of that open rooms hold.
    gathering: AtomicU64,
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        let none = || AtomicU64::new(0);
        Self { limit, used: none(), on_shelf: none(), gathering: none() }
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes all of `bytes` or nothing.
    pub(crate) fn try_take(&self, bytes: u64) -> bool {
        take(&self.used, bytes, self.limit)
    }

    /// Gives back what was taken before.
    pub(super) fn give_back(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// How much is missing until `bytes` could be taken.
    pub(super) fn missing(&self, bytes: u64) -> u64 {
        self.used().saturating_add(bytes).saturating_sub(self.limit)
    }

    /// Whether an empty shelf would leave so much. What others hold beside the shelf it would not free.
    pub(super) fn is_attainable(&self, bytes: u64) -> bool {
        self.missing(bytes) <= self.on_shelf.load(Ordering::Relaxed)
    }

    pub(super) fn shelve(&self, bytes: u64) {
        self.on_shelf.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn unshelve(&self, bytes: u64) {
        self.on_shelf.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Whether open rooms may have so much more; they have it then.
    pub(super) fn try_gather(&self, bytes: u64) -> bool {
        take(&self.gathering, bytes, self.limit / GATHERING_SHARE)
    }

    pub(super) fn gathered(&self, bytes: u64) {
        self.gathering.fetch_sub(bytes, Ordering::Relaxed);
    }
}

fn take(taken: &AtomicU64, bytes: u64, limit: u64) -> bool {
    let more = |taken: u64| taken.checked_add(bytes).filter(|sum| *sum <= limit);
    taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
}
