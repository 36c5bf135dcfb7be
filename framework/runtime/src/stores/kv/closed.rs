//! Stores that take no more writes, since they are being deleted or are gone.
//!
//! Not on disk: a node that starts again has what its account has, and nobody writes to a store that is not in it. The
//! ids of deleted stores stay here for as long as the node runs, as a request that began before may still write.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use selvedge::{Error, Refusal};
use selvedge_model::id::StoreId;

/// What became of the wish to close a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// It has no items and takes none any more.
    Closed,
    /// It has items, and is as it was.
    NotEmpty,
}

/// The stores that are closed.
#[derive(Debug, Default)]
pub(super) struct Closed(Mutex<BTreeSet<StoreId>>);

impl Closed {
    pub(super) fn close(&self, store: &StoreId) {
        self.set().insert(store.clone());
    }

    pub(super) fn reopen(&self, store: &StoreId) {
        self.set().remove(store);
    }

    /// Whether a store takes writes, or why not.
    pub(super) fn check(&self, store: &StoreId) -> Result<(), Error> {
        match self.set().contains(store) {
            true => Err(Error::new(Refusal::StoreGone, "the KV store has been deleted")),
            false => Ok(()),
        }
    }

    /// An insertion or a removal cannot be half done.
    fn set(&self) -> MutexGuard<'_, BTreeSet<StoreId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
