//! The chunk at hand, which is not full yet.

use crate::body::Chunk;

/// What has come of a chunk; nobody else has it.
pub(super) struct Tail {
    chunk: Chunk,
    /// How much of it has come.
    len: usize,
}

impl Tail {
    /// Nothing yet of a chunk.
    pub(super) fn of(chunk: Chunk) -> Self {
        Self { chunk, len: 0 }
    }

    /// What has come.
    pub(super) fn bytes(&self) -> &[u8] {
        self.chunk.get(..self.len).unwrap_or_default()
    }

    /// How much there is room for in all.
    pub(super) fn capacity(&self) -> usize {
        self.chunk.len()
    }

    /// Whether there is room for more.
    pub(super) fn has_room(&self) -> bool {
        self.len < self.chunk.len()
    }

    /// Takes of a piece what there is room for, and hands out the rest.
    pub(super) fn take<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        let room = self.chunk.len() - self.len;
        let (now, later) = piece.split_at(room.min(piece.len()));
        self.chunk.write(self.len, now);
        self.len += now.len();
        later
    }

    /// What has come as a chunk: the one at hand if that is full, otherwise a copy without the room that was not needed.
    pub(super) fn sealed(self) -> Chunk {
        match self.has_room() {
            true => Chunk::from(self.bytes()),
            false => self.chunk,
        }
    }
}
