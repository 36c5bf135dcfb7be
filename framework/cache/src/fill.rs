//! Gathers a body while it streams past, up to a limit, and says at the end whether it was all there.
//!
//! Every byte is copied into chunks of our own. What a connection hands over is often a small slice that keeps a
//! large read buffer alive; copying makes the shelf's accounts true and merges the drops of a trickling origin.

use std::fmt;

use bytes::Bytes;

pub use crate::body::StoredBody;
use crate::decision::NoStore;

/// The size of a full chunk: large enough to stream with few steps, small enough not to be noticed.
const CHUNK: usize = 64 * 1024;

/// The size of the first chunk of a body whose length nobody declared.
const FIRST_CHUNK: usize = 4 * 1024;

/// A body on its way to the shelf.
pub struct Fill {
    limit: u64,
    declared: Option<u64>,
    len: u64,
    full: Vec<Bytes>,
    full_len: u64,
    tail: Vec<u8>,
    refused: Option<NoStore>,
}

impl Fill {
    /// Starts to gather a body of at most `limit` bytes; `declared_length` is what `Content-Length` says.
    #[must_use]
    pub fn new(limit: u64, declared_length: Option<u64>) -> Self {
        let refused = declared_length.filter(|len| *len > limit).map(|_| NoStore::TooLarge);
        let (full, tail) = (Vec::new(), Vec::new());
        Self { limit, declared: declared_length, len: 0, full, full_len: 0, tail, refused }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    ///
    /// [`NoStore::TooLarge`] beyond the limit, [`NoStore::Incomplete`] beyond the declared length. From then on it
    /// holds nothing and answers the same.
    pub fn push(&mut self, piece: Bytes) -> Result<(), NoStore> {
        let len = self.len.saturating_add(piece.len() as u64);
        self.check(len).inspect_err(|reason| self.refuse(*reason))?;
        self.append(&piece);
        self.len = len;
        Ok(())
    }

    /// The whole body.
    ///
    /// # Errors
    ///
    /// The reason of an earlier refusal, or [`NoStore::Incomplete`] when it is shorter than declared.
    pub fn finish(mut self) -> Result<StoredBody, NoStore> {
        self.check(self.len)?;
        if self.declared.is_some_and(|declared| declared != self.len) {
            return Err(NoStore::Incomplete);
        }
        self.seal();
        Ok(StoredBody::of_chunks(self.full))
    }

    /// What there is of a body that broke off, to be stored as a part and never as the whole (RFC 9111 section 3.3).
    ///
    /// # Errors
    ///
    /// The reason of an earlier refusal, after which nothing is left.
    pub fn finish_incomplete(mut self) -> Result<StoredBody, NoStore> {
        self.check(self.len)?;
        self.seal();
        Ok(StoredBody::of_chunks(self.full))
    }

    fn check(&self, len: u64) -> Result<(), NoStore> {
        match (self.refused, self.declared) {
            (Some(reason), _) => Err(reason),
            _ if len > self.limit => Err(NoStore::TooLarge),
            (None, Some(declared)) if len > declared => Err(NoStore::Incomplete),
            _ => Ok(()),
        }
    }

    fn refuse(&mut self, reason: NoStore) {
        self.refused = Some(reason);
        self.full = Vec::new();
        self.tail = Vec::new();
    }

    fn append(&mut self, mut piece: &[u8]) {
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
        self.tail = Vec::with_capacity(wanted.clamp(1, CHUNK));
    }

    /// Closes the chunk at hand without the room that it did not need.
    fn seal(&mut self) {
        let mut tail = std::mem::take(&mut self.tail);
        if !tail.is_empty() {
            tail.shrink_to_fit();
            self.full_len += tail.len() as u64;
            self.full.push(Bytes::from(tail));
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
