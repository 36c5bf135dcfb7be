//! An entry as it lies on the shelf: who gives way to whom, which of several comes first, and what would be free without it.

use std::cmp::Reverse;

use super::ordered::{Far, Pieces};
use crate::answer::is_inside;
use crate::body::Small;
use crate::entry::Entry;
use crate::partial::is_same_version;
use crate::purge::Order;

/// An entry on the shelf; counted as such until it is dropped, which is done when no lock is held.
#[derive(Debug)]
pub(super) struct Shelved {
    pub(super) entry: Entry,
    /// Its body, where that is small: so a look-up that comes here can ask for its memory at once with that of the entry.
    small: Option<Small>,
    /// Its number in its shard; no other entry ever has the same, and who comes later has a higher one.
    pub(super) number: u64,
}

impl Shelved {
    pub(super) fn new(entry: Entry, number: u64, began: Order) -> Self {
        entry.shelve(began);
        Self { small: entry.small(), entry, number }
    }

    /// When its fetch began.
    pub(super) fn began(&self) -> Order {
        self.entry.began()
    }

    /// Asks for the lines of memory that a hit reads, all at once. What comes after it, as counting who holds it, waits for
    /// each by itself where none is at hand: of many objects that is most of what a hit costs.
    pub(super) fn touch(&self) {
        let body = self.small.as_ref().map_or(0, Small::touch);
        std::hint::black_box(body ^ self.entry.touch());
    }

    /// Whether anybody beside the shelf holds the entry or its body, which several entries may have.
    pub(super) fn is_held(&self) -> bool {
        self.entry.is_held()
    }

    /// What would be free if it left alone.
    pub(super) fn frees(&self) -> u64 {
        if self.is_held() { 0 } else { self.entry.frees() }
    }
}

impl Far for Shelved {
    fn pieces(&self) -> Pieces {
        let body = self.small.as_ref().map_or(0, Small::address);
        Pieces { block: self.entry.address(), body }
    }
}

impl Drop for Shelved {
    fn drop(&mut self) {
        self.entry.unshelve();
    }
}

/// The sort keeps the order of equals: the last to arrive comes first.
pub(super) fn sort_best_first(entries: &mut [Entry]) {
    if entries.len() > 1 {
        entries.sort_by_key(|entry| Reverse(rank(entry)));
    }
}

/// What carries `Vary` comes first, since some resources forget it on their default answer (RFC 9111 section 4.1), then
/// the newer `Date` (section 4).
fn rank(entry: &Entry) -> (bool, u64) {
    (!entry.head.variant.is_universal(), entry.head.made_at_ms())
}

/// A whole takes the place of all that is stored for its variant. A part leaves the whole alone, which may be stale but
/// can be validated, and leaves other parts of the same version alone, unless it has all their bytes.
pub(super) fn gives_way(old: &Entry, new: &Entry) -> bool {
    let is_same_variant = old.head.variant == new.head.variant || is_selected_anew(old, new);
    is_same_variant && (new.is_whole() || (!old.is_whole() && supersedes(new, old)))
}

/// Whether a validation changed the names in `Vary`, so that what the old variant was selected by counts no more.
fn is_selected_anew(old: &Entry, new: &Entry) -> bool {
    old.body().is_shared_with(new.body()) && !has_same_names(old, new)
}

/// Whether both are selected by the same request headers.
pub(super) fn has_same_names(one: &Entry, other: &Entry) -> bool {
    one.head.variant.names().eq(other.head.variant.names())
}

fn supersedes(new: &Entry, old: &Entry) -> bool {
    !is_same_version(old, new) || is_inside(new, &[old.bytes()])
}
