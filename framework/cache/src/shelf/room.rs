//! Room for a body that is being gathered. It is taken of the shelf's budget chunk by chunk, evicting for it, and becomes
//! the body's charge when the body is complete. All open rooms together may have a quarter of the budget.

use std::sync::Arc;

use super::charge::Charge;
use super::shards::Shards;

/// The room that one body has taken; given back when it is dropped.
#[derive(Debug)]
pub struct Room {
    shards: Arc<Shards>,
    taken: Charge,
}

impl Room {
    pub(super) fn new(shards: &Arc<Shards>) -> Self {
        Self { shards: Arc::clone(shards), taken: Charge::none(shards.budget()) }
    }

    /// Takes so many bytes more, or none: when open rooms have had their quarter, or what others hold leaves no room.
    #[must_use]
    pub fn take(&mut self, bytes: u64) -> bool {
        let budget = self.shards.budget();
        if !budget.try_gather(bytes) {
            return false;
        }
        match self.shards.make_room(bytes) {
            Ok(charge) => self.taken.add(charge),
            Err(_) => {
                budget.gathered(bytes);
                return false;
            }
        }
        true
    }

    /// Gives so many bytes back, those of chunks that were passed on and are not kept. More than was taken is all.
    pub fn release(&mut self, bytes: u64) {
        let back = self.taken.give_back(bytes);
        self.shards.budget().gathered(back);
    }

    /// How many bytes it has taken.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.bytes()
    }

    /// The room as a charge for the body that was gathered in it; from now on it is no open room.
    pub fn into_charge(mut self) -> Charge {
        let budget = self.shards.budget();
        budget.gathered(self.taken.bytes());
        std::mem::replace(&mut self.taken, Charge::none(budget))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.shards.budget().gathered(self.taken.bytes());
    }
}
