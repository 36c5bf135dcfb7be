//! One stored object in memory: what is known of it with its header lines in one piece, and its body in another.
//!
//! A head that waits for its body is such a block without one, a body that waits for its head one without lines; the two
//! are put together when they become an entry. What a head says is `head`'s part, what its bytes are `body`'s.
//!
//! The body is a piece of its own although it could lie with the head: pieces that are all large leave gaps between what
//! an allocator has given to others for a moment, and small ones fill them.

use std::sync::Arc;

use triomphe::ThinArc;

use crate::body::{ALLOCATION, Large, Small};
use crate::extent::Extent;
use crate::head::Facts;
use crate::shelf::{Charge, Charged, Payer};
use crate::sync::atomic::{AtomicU32, AtomicU64};

/// The length of a line of memory, in bytes.
pub(crate) const LINE: usize = 64;

/// A stored object; cloning copies nothing.
#[derive(Clone)]
pub(crate) struct Block(ThinArc<Known, u8>);

/// What is known of an object beside its header lines. There are many, so all of it is as small as it may be.
pub(crate) struct Known {
    pub(crate) facts: Facts,
    pub(crate) content: Option<Content>,
    /// How much of the representation the body is, where it is not the whole.
    pub(crate) part: Option<Box<Extent>>,
    /// When its fetch began, for the shelf that it lies on: not with its place there, which is one line of memory.
    pub(crate) began: AtomicU64,
    payer: Payer,
    /// What the block and a small body take of the budget for as long as anybody holds the block.
    charged: AtomicU32,
}

/// A body.
#[derive(Clone)]
pub(crate) enum Content {
    Small(Small),
    /// One that is not small, or that is yet to be copied.
    Large(Arc<Large>),
}

/// Of a million small objects each byte counts.
#[cfg(not(shuttle))]
const _: () = assert!(size_of::<Known>() <= 120);

impl Known {
    /// Of a head that has no body.
    pub(crate) fn of(facts: Facts) -> Self {
        let (began, payer, charged) = Default::default();
        Self { facts, content: None, part: None, began, payer, charged }
    }
}

impl Block {
    /// What a block has beside its text, in bytes, and what its allocation costs.
    pub(crate) const OVERHEAD: usize = size_of::<Known>() + 2 * size_of::<usize>() + ALLOCATION;

    /// With these header lines.
    pub(crate) fn of(known: Known, lines: &[u8]) -> Self {
        Self(ThinArc::from_header_and_slice(known, lines))
    }

    /// A body that waits for its head.
    pub(crate) fn of_body(large: Large) -> Self {
        let content = Some(Content::Large(Arc::new(large)));
        let mut known = Known::of(Facts::none());
        known.content = content;
        Self::of(known, &[])
    }

    /// Its header lines.
    pub(crate) fn lines(&self) -> &[u8] {
        &self.0.slice
    }

    /// The bytes of a small body, or none.
    pub(crate) fn small(&self) -> &[u8] {
        match &self.content {
            Some(Content::Small(small)) => small.bytes(),
            _ => &[],
        }
    }

    /// A body that is not small.
    pub(crate) fn large(&self) -> Option<&Arc<Large>> {
        match &self.content {
            Some(Content::Large(large)) => Some(large),
            _ => None,
        }
    }

    /// Reads a byte of each line of memory that it lies in.
    pub(crate) fn touch(&self) -> u8 {
        let first = self.facts.first();
        self.0.slice.iter().step_by(LINE).fold(first, |sum, byte| sum ^ byte)
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
        let body = match &self.content {
            Some(Content::Small(small)) => small.size(),
            _ => 0,
        };
        self.0.slice.len() + self.facts.size() + part + body
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
