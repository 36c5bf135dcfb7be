//! A body as it is stored: chunks that its readers share, with what they take of a shelf's budget.
//!
//! Whoever holds a body keeps it in the accounts, an evicted one too, until the last holder lets go, and so does whoever
//! holds bytes of a small one. Single chunks of a larger one that were handed on, as to a socket, are outside of the
//! accounts. How a body is gathered is told in `fill`.

mod shared;
mod slice;
mod unsent;

use std::fmt;

use bytes::Bytes;
use triomphe::ThinArc;

use self::shared::{Large, Shared};
pub use self::unsent::Unsent;
use crate::fill::PORTION;
use crate::shelf::{Charge, Payer};
use crate::sync::atomic::Ordering;

/// What an allocation costs beside what was asked for: the allocator's header, and what it rounds up.
pub(crate) const ALLOCATION: usize = 16;

/// What a chunk costs beside its bytes: its handle, and two allocations, of the bytes and of what counts their readers.
const CHUNK_OVERHEAD: usize = size_of::<Bytes>() + 48 + 2 * ALLOCATION;

/// A body of at most so many bytes lies in one allocation with what is known of it.
const SMALL: u64 = 16 * 1024;

/// The length of a line of memory, in bytes.
pub(crate) const LINE: usize = 64;

/// So many lines of a body are asked for at once; what is read on from there comes by itself.
const LINES: usize = 20;

/// A whole body as shared chunks; cloning it copies nothing.
#[derive(Clone)]
pub struct StoredBody(ThinArc<Shared, u8>);

impl StoredBody {
    /// A body of chunks that were gathered in a [`Room`](crate::Room). The charge becomes the body's; what it is short
    /// of, as for the chunks' handles, [`Shelf::put`](crate::Shelf::put) takes, and what it has too much is given back.
    #[must_use]
    pub fn with_charge(chunks: Vec<Bytes>, charge: Charge) -> Self {
        let body = Self::of_chunks(chunks);
        body.pay(charge);
        body
    }

    /// The same for a body that is there already, as a [`Fill`](crate::Fill) makes it.
    pub fn pay(&self, mut charge: Charge) {
        self.settle(&mut charge);
    }

    /// Its chunks in order.
    #[must_use]
    pub fn chunks(&self) -> Vec<Bytes> {
        (0..).map_while(|index| self.chunk(index)).collect()
    }

    /// One of its chunks, shared, counted from 0; `None` behind the last. A reader that streams keeps the body, and
    /// with it the charge, and asks for one chunk after the other.
    #[must_use]
    pub fn chunk(&self, index: usize) -> Option<Bytes> {
        match self.large() {
            Some(large) => large.chunks.get(index).cloned(),
            None => (index == 0 && !self.is_empty()).then(|| self.small()),
        }
    }

    /// What it has from an offset on, up to the end of that chunk, but no more than [`PORTION`]; `None` at its end.
    #[must_use]
    pub fn read(&self, from: u64) -> Option<Bytes> {
        let Some(large) = self.large() else {
            return (from < self.len()).then(|| self.small().slice(from as usize..));
        };
        let mut start = 0_u64;
        for chunk in &large.chunks {
            let end = start.saturating_add(chunk.len() as u64);
            if from < end {
                let at = usize::try_from(from - start).ok()?;
                return Some(chunk.slice(at..chunk.len().min(at + PORTION)));
            }
            start = end;
        }
        None
    }

    /// Writes a copy of all of it.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self.large() {
            Some(large) => large.chunks.iter().for_each(|chunk| out.extend_from_slice(chunk)),
            None => out.extend_from_slice(&self.0.slice),
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.large().map_or(self.0.slice.len() as u64, |large| large.len)
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both are the same chunks in memory, as of an entry and what a validation made of it.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        self.address() == other.address()
    }

    /// Where it lies in memory; no other body lies there while this one is held.
    pub(crate) fn address(&self) -> usize {
        self.0.as_ptr().addr()
    }

    /// Reads a byte of each line of memory that its beginning lies in.
    pub(crate) fn touch(&self) -> u8 {
        self.0.slice.iter().step_by(LINE).take(LINES).fold(0, |sum, byte| sum ^ byte)
    }

    /// How many entries on a shelf have it.
    pub(crate) fn shelved(&self) -> u32 {
        self.shared().shelves().load(Ordering::Relaxed)
    }

    /// How many hold it, entries and readers.
    pub(crate) fn holders(&self) -> usize {
        ThinArc::strong_count(&self.0)
    }

    /// A body of these chunks, which it shares, unless it is small.
    pub(crate) fn of_chunks(chunks: Vec<Bytes>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        if len > SMALL {
            return Self::of(Shared::of_chunks(chunks, len), &[]);
        }
        match chunks.as_slice() {
            [only] => Self::of(Shared::small(), only),
            several => Self::of(Shared::small(), &several.concat()),
        }
    }

    fn of(shared: Shared, bytes: &[u8]) -> Self {
        Self(ThinArc::from_header_and_slice(shared, bytes))
    }

    fn shared(&self) -> &Shared {
        &self.0.header.header
    }

    fn large(&self) -> Option<&Large> {
        self.shared().large()
    }

    /// All bytes of a small body. Whoever has any of them has the body.
    fn small(&self) -> Bytes {
        Bytes::from_owner(Small(self.clone()))
    }

    /// Bytes that it keeps, handles included, for the shelf's accounts.
    pub(crate) fn size(&self) -> u64 {
        let own = size_of::<Shared>() + 2 * size_of::<usize>() + ALLOCATION;
        let chunks = |large: &Large| {
            size_of::<Large>() + 2 * ALLOCATION + large.chunks.len() * CHUNK_OVERHEAD
        };
        self.len().saturating_add((own + self.large().map_or(0, chunks)) as u64)
    }

    /// What it has not yet taken of a budget.
    pub(crate) fn missing(&self) -> u64 {
        self.size().saturating_sub(self.charged())
    }

    /// Takes what is missing out of the charge.
    pub(crate) fn settle(&self, charge: &mut Charge) {
        self.shared().settle(charge, self.size());
    }

    /// What it and its entries are charged to.
    pub(crate) fn payer(&self) -> &Payer {
        self.shared().payer()
    }

    pub(crate) fn charged(&self) -> u64 {
        self.shared().charged()
    }

    /// Notes that an entry on the shelf has it.
    pub(crate) fn shelve(&self) {
        if self.shared().shelves().fetch_add(1, Ordering::Relaxed) == 0 {
            self.payer().shelve(self.charged());
        }
    }

    /// Notes that an entry with it has left.
    pub(crate) fn unshelve(&self) {
        if self.shared().shelves().fetch_sub(1, Ordering::Relaxed) == 1 {
            self.payer().unshelve(self.charged());
        }
    }
}

impl Default for StoredBody {
    fn default() -> Self {
        Self::of_chunks(Vec::new())
    }
}

/// The bytes of a small body.
struct Small(StoredBody);

impl AsRef<[u8]> for Small {
    fn as_ref(&self) -> &[u8] {
        &self.0.0.slice
    }
}

impl fmt::Debug for StoredBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("StoredBody");
        out.field("len", &self.len()).field("chunks", &self.chunks().len()).finish()
    }
}
