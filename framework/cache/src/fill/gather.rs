//! How pieces become chunks: a small body of a known length is written where it is to stay, others into chunks that grow.

use super::place::Place;
use super::tail::Tail;
use super::{Chunk, Fill};
use crate::chunks::CHUNK;

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
            let mut tail = match self.tail.take() {
                Some(tail) if tail.has_room() => tail,
                full => self.next_tail(full, piece.len()),
            };
            piece = tail.take(piece);
            self.tail = Some(tail);
        }
    }

    /// Chunks grow from small to full size, so that small bodies of unknown length do not reserve much.
    fn next_tail(&mut self, full: Option<Tail>, at_hand: usize) -> Tail {
        let last = full.as_ref().map_or(0, Tail::capacity);
        full.into_iter().for_each(|tail| self.add(tail.sealed()));
        let wanted = match self.declared {
            Some(declared) => {
                usize::try_from(declared.saturating_sub(self.full_len)).unwrap_or(CHUNK)
            }
            None => FIRST_CHUNK.max(at_hand).max(last.saturating_mul(2)),
        };
        Tail::of(match &self.chunks {
            Some(chunks) if wanted >= CHUNK => chunks.take(self.sure()),
            _ => Chunk::with_room(wanted.clamp(1, CHUNK), None),
        })
    }

    /// How many bytes more are sure to come, or can be reckoned with: where nobody declared it, as many as have come. What is
    /// refused is forgotten chunk by chunk, so none of it is.
    fn sure(&self) -> u64 {
        match (self.refused, self.declared) {
            (Some(_), _) => 0,
            (None, Some(declared)) => declared.saturating_sub(self.full_len),
            (None, None) => self.full_len,
        }
    }

    /// What is in its place becomes a chunk: it is too long for that, not all of it has come, or the head is another.
    fn leave_place(&mut self) {
        if let Some(place) = self.place.take().filter(|place| !place.bytes().is_empty()) {
            self.add(Chunk::from(place.bytes()));
        }
    }

    /// Closes the chunk at hand without the room that it did not need.
    pub(super) fn seal(&mut self) {
        self.leave_place();
        if let Some(tail) = self.tail.take().filter(|tail| !tail.bytes().is_empty()) {
            self.add(tail.sealed());
        }
    }

    fn add(&mut self, chunk: Chunk) {
        self.full_len += chunk.len() as u64;
        self.full.push_back((self.full_len, chunk));
    }
}
