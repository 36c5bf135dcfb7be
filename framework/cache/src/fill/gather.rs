//! How pieces become chunks: a small body of a known length is written where it is to stay, others into chunks that grow.

use bytes::Bytes;

use super::Fill;
use super::place::Place;
use crate::chunks::{CHUNK, Chunks};

/// The size of the first chunk of a body whose length nobody declared.
const FIRST_CHUNK: usize = 4 * 1024;

impl Fill {
    pub(super) fn append(&mut self, mut piece: &[u8]) {
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
    pub(super) fn seal(&mut self) {
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
