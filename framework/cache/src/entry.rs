//! A stored response: its head, and its body or a part of it.
//!
//! What the shelf makes of entries is `shelf`'s part.

use std::ops::Range;

use crate::body::{ALLOCATION, StoredBody};
use crate::extent::Extent;
pub use crate::head::StoredHead;
use crate::key::Key;
use crate::shelf::{Charge, Charged, Node, Slot};
use crate::sync::atomic::AtomicU64;

/// What the key of an object costs beside its text: its place with its neighbours, its hash and a variant, and five
/// bytes in a table that is half full. A further variant of a key costs less and is counted like the first.
const KEY_OVERHEAD: usize = size_of::<Node<Slot>>() + 10;

/// What each surrogate key costs in the index: three numbers in a tree that is two thirds full.
const INDEXED_KEY: usize = 3 * size_of::<u64>() * 3 / 2;

/// What an object costs in the shelf's accounts beside its head ([`StoredHead`] and what hangs on it), its body with the
/// handles of its chunks, the text of its key and its surrogate keys, in bytes: its key's places, and what an entry has
/// of its own.
pub const ENTRY_OVERHEAD: usize = KEY_OVERHEAD + size_of::<Entry>() - size_of::<StoredHead>()
    + 2 * size_of::<usize>()
    + ALLOCATION;

/// What a million small objects cost is a promise.
#[cfg(not(shuttle))]
const _: () = assert!(ENTRY_OVERHEAD <= 300);

/// A stored response; shared as `Arc<Entry>` by the shelf and those who are reading it.
#[derive(Debug)]
pub struct Entry {
    /// Its head.
    pub head: StoredHead,
    /// Its body, or what is stored of it.
    pub body: StoredBody,
    /// How much of the representation the body is, where it is not the whole.
    part: Option<Box<Extent>>,
    /// What it takes, beside its body, of the budget that its body is charged to, for as long as anybody holds it.
    charged: AtomicU64,
}

impl Entry {
    /// Puts a head and its whole body together; parts come from `partial`.
    #[must_use]
    pub fn new(head: StoredHead, body: StoredBody) -> Self {
        Self::of(head, body, Extent::Whole)
    }

    pub(crate) fn of(head: StoredHead, body: StoredBody, extent: Extent) -> Self {
        let part = (extent != Extent::Whole).then(|| Box::new(extent));
        Self { head, body, part, charged: AtomicU64::new(0) }
    }

    /// Asks for the lines of memory that a hit reads, all at once. What comes after it, as counting who holds it, waits for
    /// each by itself where none is at hand: of many objects that is most of what a hit costs.
    pub(crate) fn touch(&self) {
        std::hint::black_box(self.head.touch() ^ self.body.touch());
    }

    /// How much of the representation it has.
    #[must_use]
    pub fn extent(&self) -> Extent {
        self.part.as_deref().copied().unwrap_or_default()
    }

    /// Whether it has all of the representation.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.part.is_none()
    }

    /// Which bytes of the representation it has.
    #[must_use]
    pub fn bytes(&self) -> Range<u64> {
        let start = match self.extent() {
            Extent::Whole => 0,
            Extent::Part { start, .. } => start,
        };
        start..start.saturating_add(self.body.len())
    }

    /// The length of the whole representation, where it is known.
    #[must_use]
    pub fn complete_length(&self) -> Option<u64> {
        match self.extent() {
            Extent::Whole => Some(self.body.len()),
            Extent::Part { complete_length, .. } => complete_length,
        }
    }

    /// The same response as one whose lifetime is over: only a validation makes it answer again.
    #[must_use]
    pub fn expired(&self) -> Self {
        Self::of(self.head.expired(), self.body.clone(), self.extent())
    }

    /// Bytes that it keeps under this key beside its body, its share of the shelf's own included.
    pub(crate) fn own_size(&self, key: &Key) -> u64 {
        let indexed = self.head.surrogate_keys().count() + usize::from(key.has_additions());
        let own = ENTRY_OVERHEAD + self.head.size() + key.size() + indexed * INDEXED_KEY;
        let part = self.part.as_ref().map_or(0, |_| size_of::<Extent>() + ALLOCATION);
        (own + part) as u64
    }

    /// What it and its body have not yet taken of a budget.
    pub(crate) fn missing(&self, key: &Key) -> u64 {
        let body = self.body.missing();
        self.own_size(key).saturating_sub(self.charged()).saturating_add(body)
    }

    /// Takes what is missing out of the charge.
    pub(crate) fn settle(&self, key: &Key, charge: &mut Charge) {
        self.body.settle(charge);
        self.body.payer().settle(&self.charged, charge, self.own_size(key));
    }

    /// What it takes beside its body.
    pub(crate) fn charged(&self) -> u64 {
        self.charged.get()
    }

    /// Notes that it lies on the shelf.
    pub(crate) fn shelve(&self) {
        self.body.payer().shelve(self.charged());
        self.body.shelve();
    }

    /// Notes that it has left.
    pub(crate) fn unshelve(&self) {
        self.body.unshelve();
        self.body.payer().unshelve(self.charged());
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.body.payer().give_back(self.charged());
    }
}
