//! Values whose order of use is kept a step behind: what a hit changes in it is done with the next hit, or when anybody asks
//! for the order, or something comes or goes. So what is seen of the order is what it would be in [`Ordered`] itself.
//!
//! To move a value in the order is to change both its neighbours, which lie anywhere. A hit asks for their memory and goes
//! on; by the time of the next one it has come.

use super::nodes::NOWHERE;
use super::{Asks, Far, Ordered, PAGE};

/// Values by hash in their order of use.
pub(in crate::shelf) struct Noted<T, const IN_PAGE: usize = PAGE> {
    ordered: Ordered<T, IN_PAGE>,
    /// The place that was used last, if the order does not know of it yet.
    last: u32,
}

impl<T: Far, const IN_PAGE: usize> Noted<T, IN_PAGE> {
    pub(in crate::shelf) fn new(asks: Asks) -> Self {
        Self { ordered: Ordered::new(asks), last: NOWHERE }
    }

    pub(in crate::shelf) fn len(&self) -> usize {
        self.ordered.len()
    }

    /// The value with this hash, which becomes the newest.
    pub(in crate::shelf) fn used(&mut self, hash: u64) -> Option<&mut T> {
        let place = self.ordered.find(hash)?;
        if place != self.last {
            self.settle();
            self.last = place;
        }
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

    /// As [`Ordered::note`].
    pub(in crate::shelf) fn note(&mut self, hash: u64) {
        self.ordered.note(hash);
    }

    /// As [`Ordered::remove`].
    pub(in crate::shelf) fn remove(&mut self, hash: u64) -> Option<T> {
        self.settle();
        self.ordered.remove(hash)
    }

    /// The order becomes true. That is done before a place may become another's, too.
    fn settle(&mut self) {
        if self.last != NOWHERE {
            self.ordered.renew(self.last);
            self.last = NOWHERE;
        }
    }
}
