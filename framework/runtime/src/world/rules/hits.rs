//! How often a rule has matched, counted by all cores.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A count that goes on from world to world, for as long as the rule does not change.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits(Arc<AtomicU64>);

impl Hits {
    /// One more.
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
