//! A number of bytes that several share and never exceed.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How much there is, and how much of it is taken.
#[derive(Debug)]
pub(super) struct Budget {
    all: usize,
    taken: AtomicUsize,
}

impl Budget {
    pub(super) fn of(all: usize) -> Self {
        Self { all, taken: AtomicUsize::new(0) }
    }

    pub(super) fn all(&self) -> usize {
        self.all
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Takes so many bytes, if there are as many.
    pub(super) fn take(&self, bytes: usize) -> Option<()> {
        let taken = |taken: usize| taken.checked_add(bytes).filter(|sum| *sum <= self.all);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).ok().map(drop)
    }

    /// Gives back what was taken.
    pub(super) fn give_back(&self, bytes: usize) {
        self.taken.fetch_sub(bytes, Ordering::Relaxed);
    }
}
