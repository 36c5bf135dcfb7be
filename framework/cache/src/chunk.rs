//! A chunk of a body: its bytes, and the count of who has it, in one piece of memory.
//!
//! Nothing small lies beside it for as long: the small pieces of large bodies would lie where small objects were, each
//! where it keeps two holes from being one, and the chunks of others from fitting.

use std::fmt;
use std::iter::repeat_n;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use triomphe::ThinArc;

use crate::chunks::Chunks;

/// A chunk of a body; cloning copies nothing. When the last who has it lets go, its memory is used again if it is one of
/// a [`Shelf`](crate::Shelf)'s.
#[derive(Clone)]
pub struct Chunk(
    /// There until it is dropped.
    Option<Memory>,
);

/// What a chunk lies in, and where that goes when it is free.
pub(crate) type Memory = ThinArc<Option<Arc<Chunks>>, u8>;

impl Chunk {
    /// What it takes beside its bytes: the count, the home and the length.
    pub(crate) const OVERHEAD: usize = 3 * size_of::<usize>();

    /// Room for so many bytes.
    pub(crate) fn with_room(len: usize, home: Option<&Arc<Chunks>>) -> Self {
        Self(Some(ThinArc::from_header_and_iter(home.cloned(), repeat_n(0, len))))
    }

    /// Memory that is used again, with what it had before.
    pub(crate) fn again(mut memory: Memory, home: &Arc<Chunks>) -> Self {
        memory.with_arc_mut(|chunk| {
            let chunk = triomphe::Arc::get_mut(chunk);
            chunk.into_iter().for_each(|chunk| *chunk.header_mut() = Some(Arc::clone(home)));
        });
        Self(Some(memory))
    }

    /// Writes a piece, whose place is there, while nobody else has the chunk.
    pub(crate) fn write(&mut self, at: usize, piece: &[u8]) {
        self.0.iter_mut().for_each(|memory| write(memory, at, piece));
    }

    /// The same bytes for who asks for such; all of them keep the chunk.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        Bytes::from_owner(self.clone())
    }
}

/// Writes a piece into memory, whose place is there, while nobody else has it.
pub(crate) fn write<H>(memory: &mut ThinArc<H, u8>, at: usize, piece: &[u8]) {
    memory.with_arc_mut(|memory| {
        let bytes = triomphe::Arc::get_mut(memory).map(|memory| memory.slice_mut());
        let place = bytes.and_then(|bytes| bytes.get_mut(at..)?.get_mut(..piece.len()));
        place.into_iter().for_each(|place| place.copy_from_slice(piece));
    });
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.as_ref().map(|memory| &memory.slice).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// A copy, in a chunk of its own.
impl From<&[u8]> for Chunk {
    fn from(bytes: &[u8]) -> Self {
        Self(Some(ThinArc::from_header_and_slice(None, bytes)))
    }
}

/// Where two let go at once, both may find the other there still; then the memory is not used again.
impl Drop for Chunk {
    fn drop(&mut self) {
        let Some(mut memory) = self.0.take() else { return };
        let home = memory.with_arc_mut(|chunk| triomphe::Arc::get_mut(chunk)?.header_mut().take());
        if let Some(home) = home {
            home.give_back(memory);
        }
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk").field("len", &self.len()).finish()
    }
}
