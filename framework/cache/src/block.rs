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
use crate::head::{Facts, Further};
use crate::shelf::{Charge, Charged, Payer};
use crate::sync::atomic::AtomicU64;

/// The length of a line of memory, in bytes.
pub(crate) const LINE: usize = 64;

/// A stored object; cloning copies nothing.
#[derive(Clone)]
pub(crate) struct Block(ThinArc<Known, u8>);

/// What is known of an object beside its header lines. There are many, so all of it is as small as it may be.
pub(crate) struct Known {
    pub(crate) facts: Facts,
    /// A small body.
    small: Option<Small>,
    rare: Option<Box<Rare>>,
    /// When its fetch began, for the shelf that it lies on: not with its place there, which is one line of memory.
    pub(crate) began: AtomicU64,
    payer: Payer,
}

/// What small objects seldom have.
#[derive(Default)]
pub(crate) struct Rare {
    /// A body that is not small, or that is yet to be copied.
    pub(crate) large: Option<Large>,
    /// How much of the representation the body is, where it is not the whole.
    pub(crate) part: Option<Extent>,
    /// What the head keeps beside its header section.
    pub(crate) further: Option<Arc<Further>>,
}

/// A body.
pub(crate) enum Content {
    Small(Small),
    Large(Large),
}

/// Of a million small objects each byte counts.
#[cfg(not(shuttle))]
const _: () = assert!(size_of::<Known>() <= 88);

impl Known {
    /// Of a head that has no body.
    pub(crate) fn of(facts: Facts, further: Option<Arc<Further>>) -> Self {
        let (began, payer) = Default::default();
        let rare =
            further.map(|further| Box::new(Rare { further: Some(further), ..Rare::default() }));
        Self { facts, small: None, rare, began, payer }
    }

    /// The same with a body.
    pub(crate) fn with(mut self, content: Content) -> Self {
        match content {
            Content::Small(small) => self.small = Some(small),
            Content::Large(large) => self.rare.get_or_insert_default().large = Some(large),
        }
        self
    }

    /// The same with a part of the representation as its body.
    pub(crate) fn of_part(mut self, extent: Extent) -> Self {
        self.rare.get_or_insert_default().part = Some(extent);
        self
    }

    pub(crate) fn rare(&self) -> Option<&Rare> {
        self.rare.as_deref()
    }

    /// A small body.
    pub(crate) fn small(&self) -> Option<&Small> {
        self.small.as_ref()
    }

    /// A body that is not small.
    pub(crate) fn large(&self) -> Option<&Large> {
        self.rare()?.large.as_ref()
    }

    /// How much of the representation the body is.
    pub(crate) fn extent(&self) -> Extent {
        self.rare().and_then(|rare| rare.part).unwrap_or_default()
    }
}

impl Rare {
    /// Bytes that it keeps beside a large body.
    fn size(&self) -> usize {
        size_of::<Self>() + ALLOCATION + self.further.as_deref().map_or(0, Further::size)
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
        let known = Known::of(Facts::none(), None);
        Self::of(known.with(Content::Large(large)), &[])
    }

    /// Its header lines.
    pub(crate) fn lines(&self) -> &[u8] {
        &self.0.slice
    }

    /// The bytes of a small body, or none.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.small().map(Small::bytes).unwrap_or_default()
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
        let body = self.small().map_or(0, Small::size);
        self.0.slice.len() + self.facts.size() + self.rare().map_or(0, Rare::size) + body
    }

    /// What it was charged.
    pub(crate) fn charged(&self) -> u64 {
        self.facts.charged.get()
    }

    /// Takes out of the charge what is missing of `size`.
    pub(crate) fn settle(&self, charge: &mut Charge, size: u64) {
        self.payer.settle(&self.facts.charged, charge, size);
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
        self.payer.give_back(self.facts.charged.get());
    }
}
