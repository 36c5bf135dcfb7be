//! Room for a body that is being gathered. It is taken of the shelf's budget chunk by chunk, evicting for it, and becomes
//! the body's charge when the body is complete. All open rooms together may have a quarter of the budget, not counting
//! the first bytes of each: or else a few large bodies would keep all small ones from being stored.

use std::sync::Arc;

use super::charge::Charge;
use super::shards::Shards;
use crate::chunks::Chunks;

/// So many bytes of each body do not count among what is gathered: this part of the budget, up to a limit.
const SMALL_SHARE: u64 = 1024;
const SMALL_MAX: u64 = 64 * 1024;

/// The room that one body has taken; given back when it is dropped.
#[derive(Debug)]
pub struct Room {
    shards: Arc<Shards>,
    taken: Charge,
    /// What of it counts among what is gathered.
    gathered: u64,
}

impl Room {
    pub(super) fn new(shards: &Arc<Shards>) -> Self {
        Self { shards: Arc::clone(shards), taken: Charge::none(shards.budget()), gathered: 0 }
    }

    /// Takes so many bytes more, or none: when open rooms have had their quarter, or what others hold leaves no room.
    #[must_use]
    pub fn take(&mut self, bytes: u64) -> bool {
        let more =
            self.counted(self.taken.bytes().saturating_add(bytes)).saturating_sub(self.gathered);
        let budget = self.shards.budget();
        if !budget.try_gather(more) {
            return false;
        }
        match self.shards.make_room(bytes) {
            Ok(charge) => self.taken.add(charge),
            Err(_) => {
                budget.gathered(more);
                return false;
            }
        }
        self.gathered += more;
        true
    }

    /// Gives so many bytes back, those of chunks that were passed on and are not kept. More than was taken is all.
    pub fn release(&mut self, bytes: u64) {
        self.taken.give_back(bytes);
        self.count_no_more(self.counted(self.taken.bytes()));
    }

    /// Chunks for the body that is gathered.
    #[must_use]
    pub fn chunks(&self) -> &Arc<Chunks> {
        self.shards.chunks()
    }

    /// How many bytes it has taken.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.bytes()
    }

    /// The room as a charge for the body that was gathered in it; from now on it is no open room.
    pub fn into_charge(mut self) -> Charge {
        self.count_no_more(0);
        std::mem::replace(&mut self.taken, Charge::none(self.shards.budget()))
    }

    /// What of so many bytes counts among what is gathered.
    fn counted(&self, taken: u64) -> u64 {
        let small = (self.shards.budget().limit() / SMALL_SHARE).min(SMALL_MAX);
        taken.saturating_sub(small)
    }

    fn count_no_more(&mut self, than: u64) {
        let less = self.gathered.saturating_sub(than);
        self.shards.budget().gathered(less);
        self.gathered -= less;
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.count_no_more(0);
    }
}
