//! One stored object in one piece of memory: what is known of it, its header lines, and its body where that is small.
//!
//! An allocator is asked once for all of it, and who has its address can ask for all its lines of memory at once. A head
//! that waits for its body is such a block without one, a body that waits for its head one without lines; the two are put
//! together when they become an entry. What a head says is `head`'s part, what its bytes are `body`'s.

use std::iter::repeat_n;
use std::sync::Arc;

use triomphe::ThinArc;

use crate::body::{ALLOCATION, Large};
use crate::extent::Extent;
use crate::head::Facts;
use crate::shelf::{Charge, Charged, Payer};
use crate::sync::atomic::AtomicU32;

/// The length of a line of memory, in bytes.
const LINE: usize = 64;

/// So many lines of a text are asked for at once; what is read on from there comes by itself.
const LINES: usize = 24;

/// A stored object; cloning copies nothing.
#[derive(Clone)]
pub(crate) struct Block(ThinArc<Known, u8>);

/// What is known of an object beside its text. There are many, so all of it is as small as it may be.
pub(crate) struct Known {
    pub(crate) facts: Facts,
    /// A body that is not small, or that is yet to be copied.
    pub(crate) large: Option<Arc<Large>>,
    /// How much of the representation the body is, where it is not the whole.
    pub(crate) part: Option<Box<Extent>>,
    /// Which body it is: no other has the number, and what a validation makes of an entry has the same.
    pub(crate) body: u64,
    payer: Payer,
    /// What the block takes of the budget for as long as anybody holds it.
    charged: AtomicU32,
    /// How much of the text is header lines. The rest is a small body.
    lines: u32,
}

/// Of a million small objects each byte counts.
#[cfg(not(shuttle))]
const _: () = assert!(size_of::<Known>() <= 112);

impl Known {
    /// Of a head that has no body.
    pub(crate) fn of(facts: Facts) -> Self {
        let (payer, charged) = Default::default();
        Self { facts, large: None, part: None, body: 0, payer, charged, lines: 0 }
    }
}

impl Block {
    /// What a block has beside its text, in bytes, and what its allocation costs.
    pub(crate) const OVERHEAD: usize = size_of::<Known>() + 2 * size_of::<usize>() + ALLOCATION;

    /// Header lines, and the pieces of a body that is small. Each byte is copied once.
    pub(crate) fn of<'a>(
        known: Known,
        lines: &[u8],
        body: impl Iterator<Item = &'a [u8]> + Clone,
    ) -> Self {
        let mut block = Self::with_room(known, lines, body.clone().map(<[u8]>::len).sum());
        body.fold(0, |at, piece| {
            block.write(at, piece);
            at + piece.len()
        });
        block
    }

    /// Header lines, and room for a small body.
    pub(crate) fn with_room(mut known: Known, lines: &[u8], room: usize) -> Self {
        known.lines = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let text = ThinArc::from_header_and_iter(known, repeat_n(0, lines.len() + room));
        let mut block = Self(text);
        block.write_text(0, lines);
        block
    }

    /// Writes a piece of a small body, whose place is there, while nobody else has the block.
    pub(crate) fn write(&mut self, at: usize, piece: &[u8]) {
        self.write_text(self.lines().len() + at, piece);
    }

    fn write_text(&mut self, at: usize, piece: &[u8]) {
        self.0.with_arc_mut(|block| {
            let text = triomphe::Arc::get_mut(block).map(|block| block.slice_mut());
            let place = text.and_then(|text| text.get_mut(at..)?.get_mut(..piece.len()));
            place.into_iter().for_each(|place| place.copy_from_slice(piece));
        });
    }

    /// A body that waits for its head, with its number.
    pub(crate) fn of_body(large: Large, body: u64) -> Self {
        let mut known = Known::of(Facts::none());
        (known.large, known.body) = (Some(Arc::new(large)), body);
        Self::of(known, &[], std::iter::empty())
    }

    /// Its header lines.
    pub(crate) fn lines(&self) -> &[u8] {
        self.split().0
    }

    /// A small body, or nothing.
    pub(crate) fn small(&self) -> &[u8] {
        self.split().1
    }

    fn split(&self) -> (&[u8], &[u8]) {
        let text = &self.0.slice;
        text.split_at_checked(self.lines as usize).unwrap_or((text, &[]))
    }

    /// Reads a byte of each line of memory that it lies in, or that its beginning does: where each is follows from its own
    /// address, so none waits for another.
    pub(crate) fn touch(&self) -> u8 {
        let first = self.facts.first();
        self.0.slice.iter().step_by(LINE).take(LINES).fold(first, |sum, byte| sum ^ byte)
    }

    /// How many hold it.
    pub(crate) fn holders(&self) -> usize {
        ThinArc::strong_count(&self.0)
    }

    /// Where it lies; no other lies there while this one is held.
    pub(crate) fn address(&self) -> usize {
        self.0.as_ptr().addr()
    }

    /// Bytes that it keeps beside its [`OVERHEAD`](Self::OVERHEAD) and a large body.
    pub(crate) fn size(&self) -> usize {
        let part = self.part.as_ref().map_or(0, |_| size_of::<Extent>() + ALLOCATION);
        self.0.slice.len() + self.facts.size() + part
    }

    /// What it was charged.
    pub(crate) fn charged(&self) -> u64 {
        self.charged.get()
    }

    /// Takes out of the charge what is missing of `size`.
    pub(crate) fn settle(&self, charge: &mut Charge, size: u64) {
        self.payer.settle(&self.charged, charge, size);
    }

    /// Notes that it lies on a shelf.
    pub(crate) fn shelve(&self) {
        self.payer.shelve(self.charged());
    }

    /// Notes that it has left.
    pub(crate) fn unshelve(&self) {
        self.payer.unshelve(self.charged());
    }
}

impl std::ops::Deref for Block {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0.header.header
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        self.payer.give_back(self.charged.get());
    }
}
