//! A body that does not lie in the block of its entry: its chunks, who pays for them, and how many entries on a shelf have
//! them. Several entries may, since a validation copies no more than a small body.

use triomphe::ThinArc;

use super::ALLOCATION;
use crate::chunk::Chunk;
use crate::shelf::{Charge, Charged, Payer};
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// A body in chunks; cloning copies nothing.
#[derive(Clone)]
pub(crate) struct Large(ThinArc<Known, Chunk>);

/// What is known of it beside its chunks.
struct Known {
    payer: Payer,
    charged: AtomicU64,
    shelved: AtomicU32,
    len: u64,
}

/// What a chunk costs beside its bytes: its handle, and what its memory has beside them.
const CHUNK_OVERHEAD: usize = size_of::<Chunk>() + Chunk::OVERHEAD + ALLOCATION;

impl Large {
    pub(super) fn of(chunks: Vec<Chunk>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let (payer, charged, shelved) = Default::default();
        let known = Known { payer, charged, shelved, len };
        Self(ThinArc::from_header_and_iter(known, chunks.into_iter()))
    }

    fn known(&self) -> &Known {
        &self.0.header.header
    }

    pub(super) fn chunks(&self) -> &[Chunk] {
        &self.0.slice
    }

    pub(super) fn len(&self) -> u64 {
        self.known().len
    }

    /// Where it lies; no other lies there while this one is held.
    pub(super) fn address(&self) -> usize {
        self.0.as_ptr().addr()
    }

    /// How many hold it.
    pub(crate) fn holders(&self) -> usize {
        ThinArc::strong_count(&self.0)
    }

    /// Bytes that it keeps, handles included, for the shelf's accounts.
    pub(crate) fn size(&self) -> u64 {
        let own = size_of::<Known>() + 2 * size_of::<usize>() + ALLOCATION;
        self.len().saturating_add((own + self.chunks().len() * CHUNK_OVERHEAD) as u64)
    }

    /// What it was charged, in bytes.
    pub(crate) fn charged(&self) -> u64 {
        self.known().charged.get()
    }

    /// What it has not yet taken of a budget.
    pub(crate) fn missing(&self) -> u64 {
        self.size().saturating_sub(self.charged())
    }

    /// Takes what is missing out of the charge.
    pub(crate) fn settle(&self, charge: &mut Charge) {
        self.known().payer.settle(&self.known().charged, charge, self.size());
    }

    /// All that it was charged, which from now on is what others are charged who have copied it.
    pub(super) fn hand_over(&self) -> Option<Charge> {
        self.known().payer.hand_over(&self.known().charged)
    }

    /// How many entries on a shelf have it.
    pub(crate) fn shelved(&self) -> u32 {
        self.known().shelved.load(Ordering::Relaxed)
    }

    /// Notes that an entry on the shelf has it.
    pub(crate) fn shelve(&self) {
        if self.known().shelved.fetch_add(1, Ordering::Relaxed) == 0 {
            self.known().payer.shelve(self.charged());
        }
    }

    /// Notes that an entry with it has left.
    pub(crate) fn unshelve(&self) {
        if self.known().shelved.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.known().payer.unshelve(self.charged());
        }
    }
}

/// Before the chunks go, so that they find room among those that are kept for later.
impl Drop for Known {
    fn drop(&mut self) {
        self.payer.give_back(self.charged.get());
    }
}
