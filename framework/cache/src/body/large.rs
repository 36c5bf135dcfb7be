//! A body that does not lie in the block of its entry: its chunks, who pays for them, and how many entries on a shelf have
//! them. Several entries may, since a validation copies no more than a small body.

use bytes::Bytes;

use super::{ALLOCATION, CHUNK_OVERHEAD};
use crate::shelf::{Charge, Charged, Payer};
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// A body in chunks.
pub(crate) struct Large {
    payer: Payer,
    charged: AtomicU64,
    shelved: AtomicU32,
    chunks: Box<[Bytes]>,
    len: u64,
}

impl Large {
    pub(super) fn of(chunks: Vec<Bytes>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let (payer, charged, shelved) = Default::default();
        Self { payer, charged, shelved, chunks: chunks.into(), len }
    }

    pub(super) fn chunks(&self) -> &[Bytes] {
        &self.chunks
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Bytes that it keeps, handles included, for the shelf's accounts.
    pub(crate) fn size(&self) -> u64 {
        let own = size_of::<Self>() + 2 * size_of::<usize>() + 2 * ALLOCATION;
        self.len.saturating_add((own + self.chunks.len() * CHUNK_OVERHEAD) as u64)
    }

    /// What it was charged, in bytes.
    pub(crate) fn charged(&self) -> u64 {
        self.charged.get()
    }

    /// What it has not yet taken of a budget.
    pub(crate) fn missing(&self) -> u64 {
        self.size().saturating_sub(self.charged())
    }

    /// Takes what is missing out of the charge.
    pub(crate) fn settle(&self, charge: &mut Charge) {
        self.payer.settle(&self.charged, charge, self.size());
    }

    /// All that it was charged, which from now on is what others are charged who have copied it.
    pub(super) fn hand_over(&self) -> Option<Charge> {
        self.payer.hand_over(&self.charged)
    }

    /// How many entries on a shelf have it.
    pub(crate) fn shelved(&self) -> u32 {
        self.shelved.load(Ordering::Relaxed)
    }

    /// Notes that an entry on the shelf has it.
    pub(crate) fn shelve(&self) {
        if self.shelved.fetch_add(1, Ordering::Relaxed) == 0 {
            self.payer.shelve(self.charged());
        }
    }

    /// Notes that an entry with it has left.
    pub(crate) fn unshelve(&self) {
        if self.shelved.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.payer.unshelve(self.charged());
        }
    }
}

/// Before the chunks go, so that they find room among those that are kept for later.
impl Drop for Large {
    fn drop(&mut self) {
        self.payer.give_back(self.charged());
    }
}
