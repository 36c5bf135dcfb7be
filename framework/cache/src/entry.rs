//! A stored response: its head, and its body or a part of it.
//!
//! What the shelf makes of entries is `shelf`'s part, how one lies in memory `block`'s.

use std::fmt;
use std::ops::Range;

use crate::block::{Block, Content};
use crate::body::{Large, Small, StoredBody};
use crate::extent::Extent;
pub use crate::head::StoredHead;
use crate::key::Key;
use crate::purge::Order;
use crate::shelf::{Charge, Node, Slot};
use crate::sync::atomic::Ordering;

/// What the key of an object costs beside its text: its place with its neighbours, its hash and a variant, at most 18
/// bytes in a table with its notes, and a share of what a shard has free while it is not well filled. A further variant of
/// a key is counted like the first.
const KEY_OVERHEAD: usize = size_of::<Node<Slot>>() + 18 + 4;

/// What each surrogate key costs in the index: three numbers in a tree that is two thirds full.
const INDEXED_KEY: usize = 3 * size_of::<u64>() * 3 / 2;

/// What an object costs in the shelf's accounts, in bytes, beside its header lines and what hangs on its head, its body
/// with the handles of its chunks, the text of its key and its surrogate keys: its key's places, and what an entry has of
/// its own.
pub const ENTRY_OVERHEAD: usize = KEY_OVERHEAD + Block::OVERHEAD;

/// What a million small objects cost is a promise.
#[cfg(not(shuttle))]
const _: () = assert!(ENTRY_OVERHEAD <= 210);

/// A stored response, as the shelf and those who are reading it share it: cloning copies nothing.
#[derive(Clone)]
#[non_exhaustive]
pub struct Entry {
    /// Its head.
    pub head: StoredHead,
}

impl Entry {
    /// Puts a head and its whole body together; parts come from `partial`. A small body that waited for its head is copied,
    /// and what it was charged is the entry's from now on: who goes on reading it should do so in the entry.
    #[must_use]
    pub fn new(head: StoredHead, body: StoredBody) -> Self {
        Self::of(&head, &body, Extent::Whole)
    }

    pub(crate) fn of(head: &StoredHead, body: &StoredBody, extent: Extent) -> Self {
        let known = head.known().with(body.content());
        let known = if extent == Extent::Whole { known } else { known.of_part(extent) };
        let block = Block::of(known, head.block().lines());
        let entry = Self { head: StoredHead::in_block(block) };
        body.hand_over().into_iter().for_each(|charge| entry.pay(charge));
        entry
    }

    /// The same for a whole body that is where it is to stay.
    pub(crate) fn of_small(head: &StoredHead, small: Small) -> Self {
        let known = head.known().with(Content::Small(small));
        let block = Block::of(known, head.block().lines());
        Self { head: StoredHead::in_block(block) }
    }

    /// Makes a charge the entry's, as [`StoredBody::with_charge`] makes it a body's.
    pub fn pay(&self, mut charge: Charge) {
        self.large().into_iter().for_each(|large| large.settle(&mut charge));
        self.block().settle(&mut charge, self.size());
    }

    fn block(&self) -> &Block {
        self.head.block()
    }

    /// Its body, or what is stored of it.
    #[must_use]
    pub fn body(&self) -> &StoredBody {
        &self.head.0
    }

    /// Where it lies in memory: no other lies there while anybody holds it, and all who hold it have the same.
    #[must_use]
    pub fn address(&self) -> usize {
        self.block().address()
    }

    /// Reads a byte of each line of memory that its head lies in.
    pub(crate) fn touch(&self) -> u8 {
        self.block().touch()
    }

    /// Its body, where that is small.
    pub(crate) fn small(&self) -> Option<Small> {
        self.block().small().cloned()
    }

    /// How much of the representation it has.
    #[must_use]
    pub fn extent(&self) -> Extent {
        self.block().extent()
    }

    /// Whether it has all of the representation.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.extent() == Extent::Whole
    }

    /// Which bytes of the representation it has.
    #[must_use]
    pub fn bytes(&self) -> Range<u64> {
        let start = match self.extent() {
            Extent::Whole => 0,
            Extent::Part { start, .. } => start,
        };
        start..start.saturating_add(self.body().len())
    }

    /// The length of the whole representation, where it is known.
    #[must_use]
    pub fn complete_length(&self) -> Option<u64> {
        match self.extent() {
            Extent::Whole => Some(self.body().len()),
            Extent::Part { complete_length, .. } => complete_length,
        }
    }

    /// The same response as one whose lifetime is over: only a validation makes it answer again.
    #[must_use]
    pub fn expired(&self) -> Self {
        Self::of(&self.head.expired(), self.body(), self.extent())
    }

    /// Chunks that other entries may have, too.
    pub(crate) fn large(&self) -> Option<&Large> {
        self.body().large()
    }

    /// Bytes that it keeps under this key beside a large body, its share of the shelf's own included.
    pub(crate) fn own_size(&self, key: &Key) -> u64 {
        let indexed = self.head.surrogate_keys().count() + usize::from(key.has_additions());
        let of_key = KEY_OVERHEAD + key.size() + indexed * INDEXED_KEY;
        self.size().saturating_add(of_key as u64)
    }

    /// The same without what its key takes.
    fn size(&self) -> u64 {
        (Block::OVERHEAD + self.block().size()) as u64
    }

    /// What it and its body have not yet taken of a budget.
    pub(crate) fn missing(&self, key: &Key) -> u64 {
        let large = self.large().map_or(0, Large::missing);
        self.own_size(key).saturating_sub(self.charged()).saturating_add(large)
    }

    /// Takes what is missing out of the charge.
    pub(crate) fn settle(&self, key: &Key, charge: &mut Charge) {
        self.large().into_iter().for_each(|large| large.settle(charge));
        self.block().settle(charge, self.own_size(key));
    }

    /// What it takes beside a large body.
    fn charged(&self) -> u64 {
        self.block().charged()
    }

    /// When its fetch began, as it was noted when it was put on a shelf.
    pub(crate) fn began(&self) -> Order {
        Order(self.block().began.load(Ordering::Relaxed))
    }

    /// Notes that it lies on the shelf, and when its fetch began.
    pub(crate) fn shelve(&self, began: Order) {
        self.block().began.store(began.0, Ordering::Relaxed);
        self.block().shelve();
        self.large().into_iter().for_each(Large::shelve);
    }

    /// Notes that it has left.
    pub(crate) fn unshelve(&self) {
        self.large().into_iter().for_each(Large::unshelve);
        self.block().unshelve();
    }

    /// Whether anybody beside shelves holds it or its body, which several entries may have.
    pub(crate) fn is_held(&self) -> bool {
        let large = self.block().large();
        let is_read = large.is_some_and(|it| it.holders() > it.shelved().max(1) as usize);
        self.block().holders() > 1 || is_read
    }

    /// What would be free if it left the shelf and nobody else holds it.
    pub(crate) fn frees(&self) -> u64 {
        let large = self.block().large().filter(|large| large.holders() == 1);
        self.charged() + large.map_or(0, Large::charged)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Entry");
        out.field("head", &self.head).field("body", self.body());
        out.field("extent", &self.extent()).finish()
    }
}
