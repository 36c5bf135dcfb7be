//! Values whose order of use is kept a little later: a hit writes down which place was used, and before anybody asks for the
//! order, or something comes or goes, what was written down is done in turn. So the order is at all times the one that
//! [`Ordered`] itself would have.
//!
//! To move a value in the order is to change its two neighbours, which lie anywhere. A hit that did so would wait for both;
//! of many that are done together, the memory comes at once.

use super::{Ordered, PAGE};

/// So many hits are written down. Memory brings no more than a few dozen lines at a time.
const NOTES: usize = 32;

/// Values by hash in their order of use.
pub(in crate::shelf) struct Noted<T, const IN_PAGE: usize = PAGE> {
    ordered: Ordered<T, IN_PAGE>,
    /// The places that were used since the order was last true, the latest last; each has a value.
    places: [u32; NOTES],
    len: usize,
}

impl<T, const IN_PAGE: usize> Noted<T, IN_PAGE> {
    pub(in crate::shelf) fn new() -> Self {
        Self { ordered: Ordered::new(), places: [0; NOTES], len: 0 }
    }

    pub(in crate::shelf) fn len(&self) -> usize {
        self.ordered.len()
    }

    /// The value with this hash, which becomes the newest.
    pub(in crate::shelf) fn used(&mut self, hash: u64) -> Option<&mut T> {
        let place = self.ordered.find(hash)?;
        self.note(place);
        self.ordered.at(place)
    }

    /// The same without making it the newest.
    pub(in crate::shelf) fn peek(&self, hash: u64) -> Option<&T> {
        self.ordered.peek(hash)
    }

    pub(in crate::shelf) fn peek_mut(&mut self, hash: u64) -> Option<&mut T> {
        self.ordered.peek_mut(hash)
    }

    /// All of them in their order.
    pub(in crate::shelf) fn in_order(&mut self) -> &Ordered<T, IN_PAGE> {
        self.settle();
        &self.ordered
    }

    /// As [`Ordered::used_or_insert`].
    pub(in crate::shelf) fn used_or_insert(
        &mut self,
        hash: u64,
        make: impl FnOnce() -> T,
    ) -> Option<&mut T> {
        self.settle();
        self.ordered.used_or_insert(hash, make)
    }

    /// As [`Ordered::remove`]. What was written down is done before, since the place may be another's afterwards.
    pub(in crate::shelf) fn remove(&mut self, hash: u64) -> Option<T> {
        self.settle();
        self.ordered.remove(hash)
    }

    fn note(&mut self, place: u32) {
        if self.len == NOTES {
            self.settle();
        }
        if let Some(free) = self.places.get_mut(self.len) {
            *free = place;
            self.len += 1;
        }
    }

    fn settle(&mut self) {
        let noted = self.places.get(..self.len).unwrap_or_default();
        self.ordered.renew_all(noted);
        self.len = 0;
    }
}
