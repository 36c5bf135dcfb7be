//! The bytes of a small body, in one piece of memory. What they take is charged with the head of each entry that has them.

use std::fmt;
use std::iter::repeat_n;

use triomphe::ThinArc;

use super::ALLOCATION;
use crate::block::LINE;
use crate::chunk::write;

/// So many lines of a body are asked for at once; what is read on from there comes by itself.
const LINES: usize = 20;

/// A small body; cloning copies nothing.
#[derive(Clone)]
pub(crate) struct Small(ThinArc<(), u8>);

impl Small {
    /// Room for so many bytes.
    pub(crate) fn with_room(len: usize) -> Self {
        Self(ThinArc::from_header_and_iter((), repeat_n(0, len)))
    }

    /// These pieces in order, each byte copied once.
    pub(crate) fn of<'a>(pieces: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let mut small = Self::with_room(pieces.clone().map(<[u8]>::len).sum());
        pieces.fold(0, |at, piece| {
            small.write(at, piece);
            at + piece.len()
        });
        small
    }

    /// Writes a piece, whose place is there, while nobody else has the body.
    pub(crate) fn write(&mut self, at: usize, piece: &[u8]) {
        write(&mut self.0, at, piece);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0.slice
    }

    /// Reads a byte of each line of memory that its beginning lies in.
    pub(crate) fn touch(&self) -> u8 {
        self.bytes().iter().step_by(LINE).take(LINES).fold(0, |sum, byte| sum ^ byte)
    }

    /// Where it lies; no other lies there while this one is held.
    pub(crate) fn address(&self) -> usize {
        self.0.as_ptr().addr()
    }

    /// Bytes that it keeps, for the shelf's accounts.
    pub(crate) fn size(&self) -> usize {
        2 * size_of::<usize>() + ALLOCATION + self.bytes().len()
    }
}

impl fmt::Debug for Small {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Small").field("len", &self.bytes().len()).finish()
    }
}
