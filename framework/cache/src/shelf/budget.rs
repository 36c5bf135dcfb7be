//! The bytes that a shelf may use, as one number that all threads take from and give back to.

use std::sync::atomic::{AtomicU64, Ordering};

/// A limit and what is taken of it.
#[derive(Debug)]
pub(super) struct Budget {
    limit: u64,
    used: AtomicU64,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, used: AtomicU64::new(0) }
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes all of `cost` or nothing.
    pub(super) fn try_take(&self, cost: u64) -> bool {
        let take = |used: u64| used.checked_add(cost).filter(|sum| *sum <= self.limit);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    /// Gives back what was taken before.
    pub(super) fn give_back(&self, cost: u64) {
        self.used.fetch_sub(cost, Ordering::Relaxed);
    }
}
