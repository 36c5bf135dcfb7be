//! Gathers a body while it streams past: readers follow it, and at the end it says whether it was all there.
//!
//! Every byte is copied into chunks of our own. What a connection hands over is often a small slice that keeps a
//! large read buffer alive; copying makes the shelf's accounts true and merges the drops of a trickling origin.
//!
//! A body that turns out not to be storable is still gathered for those who read it; what all of them have read can be
//! forgotten.

mod place;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use self::place::Place;
pub use crate::body::StoredBody;
use crate::chunks::{CHUNK, Chunks};
use crate::decision::NoStore;
use crate::entry::{Entry, StoredHead};

/// The most that a reader is given at once, who may be slow to pass it on.
pub const PORTION: usize = CHUNK;

/// The size of the first chunk of a body whose length nobody declared.
const FIRST_CHUNK: usize = 4 * 1024;

/// A body on its way to the shelf.
pub struct Fill {
    limit: u64,
    declared: Option<u64>,
    /// All that has come, forgotten or not.
    len: u64,
    /// Chunks that are full, each with the offset of its end.
    full: VecDeque<(u64, Bytes)>,
    /// Where the tail begins.
    full_len: u64,
    tail: Vec<u8>,
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
        let (full, tail) = (VecDeque::new(), Vec::new());
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
            let tail = self.place.as_ref().map_or(&*self.tail, Place::bytes);
            let rest = tail.get(start..).filter(|rest| !rest.is_empty())?;
            return Some(Bytes::copy_from_slice(&rest[..rest.len().min(PORTION)]));
        }
        let place = self.full.partition_point(|(end, _)| *end <= from);
        let (end, chunk) = self.full.get(place)?;
        let start = chunk.len().checked_sub(usize::try_from(end - from).ok()?)?;
        Some(chunk.slice(start..chunk.len().min(start + PORTION)))
    }

    /// Frees the chunks that end before the offset `before`, and says how many bytes that were.
    pub fn forget(&mut self, before: u64) -> u64 {
        let kept = self.full.partition_point(|(end, _)| *end <= before);
        self.full.drain(..kept).map(|(_, chunk)| chunk.len() as u64).sum()
    }

    /// The chunks of the whole body; nothing is left here.
    ///
    /// # Errors
    ///
    /// The reason of an earlier refusal, or [`NoStore::Incomplete`] when it is shorter than declared.
    pub fn take(&mut self) -> Result<Vec<Bytes>, NoStore> {
        match self.declared {
            Some(declared) if declared != self.len => {
                Err(self.refused.unwrap_or(NoStore::Incomplete))
            }
            _ => self.take_incomplete(),
        }
    }

    /// What there is of a body that broke off, to be stored as a part and never as the whole (RFC 9111 section 3.3).
    ///
    /// # Errors
    ///
    /// The reason of an earlier refusal.
    pub fn take_incomplete(&mut self) -> Result<Vec<Bytes>, NoStore> {
        self.refused.map_or(Ok(()), Err)?;
        self.seal();
        Ok(self.full.drain(..).map(|(_, chunk)| chunk).collect())
    }

    /// The whole body as an entry with this head, whose hits so far count on; nothing is left here.
    ///
    /// # Errors
    ///
    /// As in [`Fill::take`].
    pub fn take_entry(&mut self, head: &StoredHead) -> Result<Entry, NoStore> {
        self.refused.map_or(Ok(()), Err)?;
        match self.place.take().map(Place::body) {
            Some(Ok(body)) => return Ok(Entry::of_small(head, body)),
            Some(Err(place)) => self.place = Some(place),
            None => {}
        }
        let body = StoredBody::of_chunks(self.take()?);
        Ok(Entry::new(head.clone(), body))
    }

    /// [`Fill::take`] as a body.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn finish(mut self) -> Result<StoredBody, NoStore> {
        self.take().map(StoredBody::of_chunks)
    }

    /// [`Fill::take_incomplete`] as a body.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn finish_incomplete(mut self) -> Result<StoredBody, NoStore> {
        self.take_incomplete().map(StoredBody::of_chunks)
    }

    fn check(&self) -> Result<(), NoStore> {
        match (self.refused, self.declared) {
            (Some(reason), _) => Err(reason),
            _ if self.len > self.limit => Err(NoStore::TooLarge),
            (None, Some(declared)) if self.len > declared => Err(NoStore::Incomplete),
            _ => Ok(()),
        }
    }

    fn append(&mut self, mut piece: &[u8]) {
        if self.is_whole && self.len == piece.len() as u64 {
            // The first piece is there, and the memory for it is asked for no earlier.
            self.place = self.declared.filter(|_| self.refused.is_none()).and_then(Place::of);
        }
        if let Some(place) = &mut self.place {
            piece = place.take(piece);
        }
        if piece.is_empty() {
            return;
        }
        self.leave_place();
        while !piece.is_empty() {
            if self.tail.len() == self.tail.capacity() {
                self.next_chunk(piece.len());
            }
            let room = self.tail.capacity() - self.tail.len();
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.tail.extend_from_slice(now);
            piece = later;
        }
    }

    /// Chunks grow from small to full size, so that small bodies of unknown length do not reserve much.
    fn next_chunk(&mut self, at_hand: usize) {
        let last = self.tail.capacity();
        self.seal();
        let wanted = match self.declared {
            Some(declared) => {
                usize::try_from(declared.saturating_sub(self.full_len)).unwrap_or(CHUNK)
            }
            None => FIRST_CHUNK.max(at_hand).max(last.saturating_mul(2)),
        };
        self.tail = match &self.chunks {
            Some(chunks) if wanted >= CHUNK => chunks.take(self.sure()),
            _ => Vec::with_capacity(wanted.clamp(1, CHUNK)),
        };
    }

    /// How many bytes more are sure to come. What is refused is forgotten chunk by chunk, so none of it is.
    fn sure(&self) -> u64 {
        let declared = self.declared.filter(|_| self.refused.is_none());
        declared.map_or(0, |declared| declared.saturating_sub(self.full_len))
    }

    /// What is in its place becomes a chunk: it is too long for that, not all of it has come, or the head is another.
    fn leave_place(&mut self) {
        if let Some(place) = self.place.take().filter(|place| !place.bytes().is_empty()) {
            self.full_len += place.bytes().len() as u64;
            self.full.push_back((self.full_len, Bytes::copy_from_slice(place.bytes())));
        }
    }

    /// Closes the chunk at hand without the room that it did not need.
    fn seal(&mut self) {
        self.leave_place();
        let mut tail = std::mem::take(&mut self.tail);
        if tail.is_empty() {
            return;
        }
        self.full_len += tail.len() as u64;
        let sealed = match &self.chunks {
            Some(chunks) if Chunks::are_like(&tail) && tail.len() == tail.capacity() => {
                chunks.lend(tail)
            }
            Some(chunks) if Chunks::are_like(&tail) => {
                let copy = Bytes::copy_from_slice(&tail);
                chunks.give_back(tail);
                copy
            }
            _ => {
                tail.shrink_to_fit();
                Bytes::from(tail)
            }
        };
        self.full.push_back((self.full_len, sealed));
    }
}

impl fmt::Debug for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Fill");
        out.field("len", &self.len).field("declared", &self.declared);
        out.field("limit", &self.limit).field("refused", &self.refused).finish_non_exhaustive()
    }
}
