//! Telling of changes: what keeps copies of items learns here that one is out of date.

use std::sync::{Mutex, PoisonError, Weak};

use selvedge_model::{id::StoreId, key::KvKey};

/// Something that wants to know of changes.
pub trait Watch: Send + Sync + 'static {
    /// Is told after the change can be read. It must be quick: a writer waits for it.
    fn changed(&self, change: Change<'_>);
}

/// What may read differently now.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// One item.
    Item {
        /// Its store.
        store: &'a StoreId,
        /// Its key.
        key: &'a KvKey,
        /// The time of the write, as its caller gave it.
        now_ms: u64,
    },
    /// Every item of a store that is being dropped.
    Store {
        /// The store.
        store: &'a StoreId,
    },
}

/// Who is told.
#[derive(Debug, Default)]
pub(super) struct Watchers(Mutex<Vec<Weak<dyn Watch>>>);

impl Watchers {
    pub(super) fn add(&self, watch: Weak<dyn Watch>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.strong_count() > 0);
        all.push(watch);
    }

    pub(super) fn tell(&self, change: Change<'_>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(Weak::upgrade).for_each(|one| one.changed(change));
    }
}
