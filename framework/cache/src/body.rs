//! A body as it is stored: chunks that its readers share, with what they take of a shelf's budget.
//!
//! Whoever holds a body keeps it in the accounts, an evicted one too, until the last holder lets go. Single chunks that
//! were handed on, as to a socket, are outside of the accounts. How a body is gathered is told in `fill`.

use std::fmt;
use std::ops::Range;
use std::slice;
use std::sync::Arc;

use bytes::Bytes;

use crate::shelf::{Account, Charge};
use crate::sync::atomic::{AtomicUsize, Ordering};

/// What an allocation costs beside what was asked for: the allocator's header, and what it rounds up.
pub(crate) const ALLOCATION: usize = 16;

/// What a chunk costs beside its bytes: its handle, and two allocations, of the bytes and of what counts their readers.
const CHUNK_OVERHEAD: usize = size_of::<Bytes>() + 24 + 2 * ALLOCATION;

/// A whole body as shared chunks; cloning it copies nothing.
#[derive(Clone, Default)]
pub struct StoredBody(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Before the chunks, so that they find room among those that are kept for later when they are dropped.
    account: Account,
    chunks: Chunks,
    len: u64,
    /// How many entries on the shelf have it: a variant that was found by its tag shares the body of another.
    shelved: AtomicUsize,
}

/// Most bodies are one chunk, which needs no list.
enum Chunks {
    One(Bytes),
    Many(Box<[Bytes]>),
}

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
        self.0.account.settle(&mut charge, self.size());
    }

    /// Its chunks in order.
    #[must_use]
    pub fn chunks(&self) -> &[Bytes] {
        match &self.0.chunks {
            Chunks::One(chunk) => slice::from_ref(chunk),
            Chunks::Many(chunks) => chunks,
        }
    }

    /// One of its chunks, shared, counted from 0; `None` behind the last. A reader that streams keeps the body, and
    /// with it the charge, and asks for one chunk after the other.
    #[must_use]
    pub fn chunk(&self, index: usize) -> Option<Bytes> {
        self.chunks().get(index).cloned()
    }

    /// What it has from an offset on, up to the end of that chunk; `None` at its end.
    #[must_use]
    pub fn read(&self, from: u64) -> Option<Bytes> {
        let mut start = 0_u64;
        for chunk in self.chunks() {
            let end = start.saturating_add(chunk.len() as u64);
            if from < end {
                return Some(chunk.slice(usize::try_from(from - start).ok()?..));
            }
            start = end;
        }
        None
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.len == 0
    }

    /// The chunks of these bytes of it, shared; what lies beyond its end is left out. They do not keep the charge: who
    /// reads them slowly keeps the body too.
    #[must_use]
    pub fn slice(&self, range: Range<u64>) -> Vec<Bytes> {
        let mut slices = Vec::new();
        let mut start = 0_u64;
        for chunk in self.chunks() {
            slices.extend(overlap(chunk, start, &range));
            start = start.saturating_add(chunk.len() as u64);
        }
        slices
    }

    /// Its bytes from an offset on, to be stored in another body: a chunk that is cut is copied, or else its lost
    /// beginning would stay in memory and in no account.
    pub(crate) fn rest(&self, offset: u64) -> Vec<Bytes> {
        let mut rest = self.slice(offset..self.len());
        let mut ends = self.chunks().iter().scan(0, |end, chunk| {
            *end += chunk.len() as u64;
            Some(*end)
        });
        let is_cut = offset > 0 && !ends.any(|end| end == offset);
        if let Some(first) = rest.first_mut().filter(|_| is_cut) {
            *first = Bytes::copy_from_slice(first);
        }
        rest
    }

    /// Whether both are the same chunks in memory, as of an entry and what a validation made of it.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How many hold it, entries and readers.
    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    /// A body of these chunks, which it shares.
    pub(crate) fn of_chunks(chunks: Vec<Bytes>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let chunks = match <[Bytes; 1]>::try_from(chunks) {
            Ok([chunk]) => Chunks::One(chunk),
            Err(chunks) => Chunks::Many(chunks.into()),
        };
        Self(Arc::new(Shared { chunks, len, ..Shared::default() }))
    }

    /// Bytes that it keeps, handles included, for the shelf's accounts.
    pub(crate) fn size(&self) -> u64 {
        let overhead = size_of::<Shared>() + 2 * size_of::<usize>() + ALLOCATION;
        self.0.len.saturating_add((overhead + self.chunks().len() * CHUNK_OVERHEAD) as u64)
    }

    pub(crate) fn account(&self) -> &Account {
        &self.0.account
    }

    /// Notes that an entry on the shelf has it.
    pub(crate) fn shelve(&self) {
        if self.0.shelved.fetch_add(1, Ordering::Relaxed) == 0 {
            self.0.account.shelve();
        }
    }

    /// Notes that an entry with it has left.
    pub(crate) fn unshelve(&self) {
        if self.0.shelved.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.account.unshelve();
        }
    }
}

impl Default for Chunks {
    fn default() -> Self {
        Self::Many(Box::default())
    }
}

/// What `range` wants of a chunk that begins at `start`; both offsets are clamped to the chunk, so they fit `usize`.
fn overlap(chunk: &Bytes, start: u64, range: &Range<u64>) -> Option<Bytes> {
    let inside = |offset: u64| offset.saturating_sub(start).min(chunk.len() as u64) as usize;
    let (from, to) = (inside(range.start), inside(range.end));
    (from < to).then(|| chunk.slice(from..to))
}

impl fmt::Debug for StoredBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("StoredBody");
        out.field("len", &self.len()).field("chunks", &self.chunks().len()).finish()
    }
}
