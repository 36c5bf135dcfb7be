//! A body as it is stored: in one piece where it is small, otherwise in chunks. Entries and readers share it.
//!
//! Whoever holds a body keeps it in the accounts, an evicted one too, until the last holder lets go, and so does whoever
//! holds bytes of a small one; the head stays with it. Single chunks of a larger one that were handed on, as to
//! a socket, are outside of the accounts. How a body is gathered is told in `fill`.

mod large;
mod small;
mod slice;
mod unsent;

use std::fmt;

use bytes::Bytes;

pub(crate) use self::large::Large;
pub(crate) use self::small::Small;
pub use self::unsent::Unsent;
use crate::block::{Block, Content};
pub use crate::chunk::Chunk;
use crate::fill::PORTION;
use crate::shelf::Charge;

/// What an allocation costs beside what was asked for: the allocator's header, and what it rounds up.
pub(crate) const ALLOCATION: usize = 16;

/// A body of at most so many bytes lies in one allocation.
pub(crate) const SMALL: u64 = 16 * 1024;

/// A whole body; cloning it copies nothing.
#[derive(Clone)]
pub struct StoredBody(pub(crate) Block);

impl StoredBody {
    /// A body of chunks that were gathered in a [`Room`](crate::Room). The charge becomes the body's; what it is short
    /// of, as for the chunks' handles, [`Shelf::put`](crate::Shelf::put) takes, and what it has too much is given back.
    #[must_use]
    pub fn with_charge(chunks: Vec<Chunk>, charge: Charge) -> Self {
        let body = Self::of_chunks(chunks);
        body.pay(charge);
        body
    }

    /// The same for a body that is there already, as a [`Fill`](crate::Fill) makes it.
    pub fn pay(&self, mut charge: Charge) {
        self.large().into_iter().for_each(|large| large.settle(&mut charge));
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
            Some(large) => large.chunks().get(index).map(Chunk::to_bytes),
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
        for chunk in large.chunks() {
            let end = start.saturating_add(chunk.len() as u64);
            if from < end {
                let at = usize::try_from(from - start).ok()?;
                return Some(chunk.to_bytes().slice(at..chunk.len().min(at + PORTION)));
            }
            start = end;
        }
        None
    }

    /// Writes a copy of all of it.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self.large() {
            Some(large) => large.chunks().iter().for_each(|chunk| out.extend_from_slice(chunk)),
            None => out.extend_from_slice(self.0.bytes()),
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.large().map_or(self.0.bytes().len() as u64, Large::len)
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both are the same bytes in memory, as of an entry and what a validation made of it.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        self.address() == other.address()
    }

    /// Where it lies in memory; no other body lies there while this one is held.
    pub(crate) fn address(&self) -> usize {
        match (self.0.small(), self.0.large()) {
            (Some(small), _) => small.address(),
            (None, Some(large)) => large.address(),
            (None, None) => self.0.address(),
        }
    }

    /// A body of these chunks, which waits for its head.
    pub(crate) fn of_chunks(chunks: Vec<Chunk>) -> Self {
        Self(Block::of_body(Large::of(chunks)))
    }

    /// What it has in chunks.
    pub(crate) fn large(&self) -> Option<&Large> {
        self.0.large()
    }

    /// What an entry has of it: the same, unless it is small and waited for its head, then a copy.
    pub(crate) fn content(&self) -> Content {
        match (self.0.small(), self.0.large()) {
            (Some(small), _) => Content::Small(small.clone()),
            (_, Some(large)) if large.len() > SMALL => Content::Large(large.clone()),
            _ => Content::Small(Small::of((0..).map_while(|index| self.bytes_of(index)))),
        }
    }

    /// What a body that waited for its head was charged, if it is small and has been copied.
    pub(crate) fn hand_over(&self) -> Option<Charge> {
        self.large().filter(|large| large.len() <= SMALL)?.hand_over()
    }

    /// All bytes of a small body. Whoever has any of them has the body.
    fn small(&self) -> Bytes {
        Bytes::from_owner(Kept(self.clone()))
    }
}

impl Default for StoredBody {
    fn default() -> Self {
        Self::of_chunks(Vec::new())
    }
}

/// The bytes of a small body.
struct Kept(StoredBody);

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        self.0.0.bytes()
    }
}

impl fmt::Debug for StoredBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("StoredBody");
        out.field("len", &self.len()).field("chunks", &self.chunks().len()).finish()
    }
}
