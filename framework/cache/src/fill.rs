//! Gathers a body while it streams past: readers follow it, and at the end it says whether it was all there.
//!
//! Every byte is copied into chunks of our own. What a connection hands over is often a small slice that keeps a
//! large read buffer alive; copying makes the shelf's accounts true and merges the drops of a trickling origin.
//!
//! A body that turns out not to be storable is still gathered for those who read it; what all of them have read can be
//! forgotten.
//!
//! How pieces become chunks is in `gather`, what is made of them at the end in `taken`.

mod gather;
mod place;
mod tail;
mod taken;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use self::place::Place;
use self::tail::Tail;
pub use crate::body::{Chunk, StoredBody};
use crate::chunks::{CHUNK, Chunks};
use crate::decision::NoStore;

/// The most that a reader is given at once, who may be slow to pass it on.
pub const PORTION: usize = CHUNK;

/// A body on its way to the shelf.
pub struct Fill {
    limit: u64,
    declared: Option<u64>,
    /// All that has come, forgotten or not.
    len: u64,
    /// Chunks that are full, each with the offset of its end.
    full: VecDeque<(u64, Chunk)>,
    /// Where the tail begins.
    full_len: u64,
    tail: Option<Tail>,
    /// Whether it is a whole body, which may stay where it is put.
    is_whole: bool,
    /// Instead of a tail: where a small body of a known length is to stay.
    place: Option<Place>,
    refused: Option<NoStore>,
    /// Where full chunks come from.
    chunks: Option<Arc<Chunks>>,
}

impl Fill {
    /// Starts to gather a body of at most `limit` bytes; `declared_length` is what `Content-Length` says.
    #[must_use]
    pub fn new(limit: u64, declared_length: Option<u64>) -> Self {
        let refused = declared_length.filter(|len| *len > limit).map(|_| NoStore::TooLarge);
        let (full, tail) = (VecDeque::new(), None);
        let (declared, chunks, place) = (declared_length, None, None);
        let is_whole = false;
        Self { limit, declared, len: 0, full, full_len: 0, tail, is_whole, place, refused, chunks }
    }

    /// The same for a whole body, for [`Fill::take_entry`].
    #[must_use]
    pub fn of_whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    /// The same, with chunks of a shelf, which are used again.
    #[must_use]
    pub fn in_chunks(self, chunks: &Arc<Chunks>) -> Self {
        Self { chunks: Some(Arc::clone(chunks)), ..self }
    }

    /// Takes the next piece, whatever it answers.
    ///
    /// # Errors
    ///
    /// [`NoStore::TooLarge`] beyond the limit, [`NoStore::Incomplete`] beyond the declared length. From then on it
    /// answers the same: the body can be read, but not stored.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), NoStore> {
        self.len = self.len.saturating_add(piece.len() as u64);
        self.append(piece);
        let checked = self.check();
        self.refused = checked.err();
        checked
    }

    /// Refuses to be stored, for a reason of the caller's.
    pub fn refuse(&mut self, reason: NoStore) {
        self.refused.get_or_insert(reason);
    }

    /// How many bytes have come.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether none have come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What came at the offset `from`: the rest of its chunk, shared, or a copy of the last bytes to come, but no more
    /// than [`PORTION`]. `None` where nothing has come yet, or what has is forgotten.
    #[must_use]
    pub fn read(&self, from: u64) -> Option<Bytes> {
        if from >= self.full_len {
            let start = usize::try_from(from - self.full_len).ok()?;
            let rest = self.open().get(start..).filter(|rest| !rest.is_empty())?;
            return Some(Bytes::copy_from_slice(&rest[..rest.len().min(PORTION)]));
        }
        let place = self.full.partition_point(|(end, _)| *end <= from);
        let (end, chunk) = self.full.get(place)?;
        let start = chunk.len().checked_sub(usize::try_from(end - from).ok()?)?;
        Some(chunk.to_bytes().slice(start..chunk.len().min(start + PORTION)))
    }

    /// What has come behind the full chunks.
    fn open(&self) -> &[u8] {
        let tail = self.tail.as_ref().map(Tail::bytes);
        self.place.as_ref().map(Place::bytes).or(tail).unwrap_or_default()
    }

    /// Frees the chunks that end before the offset `before`, and says how many bytes that were.
    pub fn forget(&mut self, before: u64) -> u64 {
        let kept = self.full.partition_point(|(end, _)| *end <= before);
        self.full.drain(..kept).map(|(_, chunk)| chunk.len() as u64).sum()
    }

    fn check(&self) -> Result<(), NoStore> {
        match (self.refused, self.declared) {
            (Some(reason), _) => Err(reason),
            _ if self.len > self.limit => Err(NoStore::TooLarge),
            (None, Some(declared)) if self.len > declared => Err(NoStore::Incomplete),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Fill");
        out.field("len", &self.len).field("declared", &self.declared);
        out.field("limit", &self.limit).field("refused", &self.refused).finish_non_exhaustive()
    }
}
