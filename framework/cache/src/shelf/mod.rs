//! Where cached objects lie: in memory, in shards that are locked for moments, under one byte budget.
//!
//! The budget is one for all shards, so that an object may take an eighth of the whole. It counts heads, bodies and a
//! fixed overhead per entry, and bodies that are being gathered ([`Room`]); what was evicted or purged counts until its
//! last reader drops it. Room is taken before it is used, so the shelf is never above its budget, not even for a moment.
//!
//! A key may have any number of variants (`crowd`). Many of them have a share of the budget, and are evicted one by one.
//!
//! An object whose fetch began before a purge never becomes visible after it: every fetch has a [`Began`], and what was
//! purged since then is remembered.
//!
//! It forgets nothing by time: an expired entry stays until it is replaced, purged or evicted.

mod budget;
mod census;
mod charge;
mod crowd;
mod index;
mod lists;
mod log;
mod look_up;
mod meant;
mod ordered;
mod place;
mod purging;
mod room;
mod shard;
mod shards;
mod shelved;
mod short;
mod slots;
mod standing;
mod variants;

use std::sync::Arc;

pub(crate) use self::budget::Budget;
pub use self::charge::Charge;
pub(crate) use self::charge::{Charged, Payer};
pub use self::log::Began;
use self::log::Log;
pub use self::meant::Announced;
pub(crate) use self::ordered::Node;
use self::place::{Hashing, Place};
pub use self::room::Room;
use self::shard::Shard;
use self::shards::{Full, Shards};
pub(crate) use self::slots::Slot;
pub use self::standing::Standing;
use crate::decision::NoStore;
use crate::entry::Entry;
use crate::key::Key;
pub use crate::purge::Order;
use crate::receive::Renewed;

/// The share of the budget that one body may take is 1 / 8.
const MAX_OBJECT_SHARE: u64 = 8;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// It lies on the shelf.
    Stored,
    /// Its body is above [`Shelf::max_object`], or it is more than the whole budget.
    TooLarge,
    /// What is being read, gathered or put down leaves no room for it.
    NoRoom,
    /// It was purged while it was fetched.
    Purged,
    /// What lies there for the same variant was fetched after a purge that came since its own fetch began.
    Superseded,
}

impl PutOutcome {
    /// The outcome for those who want to know why it was not stored.
    ///
    /// # Errors
    ///
    /// The reason, where it does not lie on the shelf.
    pub fn stored(self) -> Result<(), NoStore> {
        match self {
            Self::Stored => Ok(()),
            Self::TooLarge => Err(NoStore::TooLarge),
            Self::NoRoom => Err(NoStore::NoRoom),
            Self::Purged => Err(NoStore::Purged),
            Self::Superseded => Err(NoStore::Superseded),
        }
    }
}

/// Cached objects by key and variant.
#[derive(Debug)]
pub struct Shelf {
    shards: Arc<Shards>,
    hashing: Hashing,
    log: Arc<Log>,
    max_object: u64,
}

impl Shelf {
    /// An empty shelf that holds at most `budget_bytes`: heads, bodies, also those that are gathered or read, and a
    /// fixed overhead per entry.
    #[must_use]
    pub fn new(budget_bytes: u64) -> Self {
        let hashing = Hashing::new();
        let shards = Arc::new(Shards::new(budget_bytes, hashing));
        let max_object = budget_bytes / MAX_OBJECT_SHARE;
        Self { shards, hashing, log: Arc::default(), max_object }
    }

    /// An empty shelf that fills from this one, and this one from it: they have the order of purges in common.
    #[must_use]
    pub fn beside(&self, budget_bytes: u64) -> Self {
        let (hashing, log) = (self.hashing, Arc::clone(&self.log));
        let shards = Arc::new(Shards::new(budget_bytes, hashing));
        Self { shards, hashing, log, max_object: budget_bytes / MAX_OBJECT_SHARE }
    }

    /// The same shelf, for bodies of at most so many bytes; more than the whole budget is no more than that.
    #[must_use]
    pub fn with_max_object(self, bytes: u64) -> Self {
        let max_object = bytes.min(self.shards.budget().limit());
        Self { max_object, ..self }
    }

    /// The largest body that it takes, in bytes: an eighth of the budget, unless it was set.
    #[must_use]
    pub fn max_object(&self) -> u64 {
        self.max_object
    }

    /// Room for a body that is about to be gathered; none is taken yet.
    #[must_use]
    pub fn room(&self) -> Room {
        Room::new(&self.shards)
    }

    /// Notes that a fetch begins. What it brings is put down with this, so that a purge which comes in between counts.
    pub fn begin(&self) -> Began {
        self.log.begin()
    }

    /// Notes that what a write brings begins now, after its own purges, of which there were so many; `None` where others
    /// came since `began`, of whatever they were.
    pub fn begin_after(&self, began: &Began, own: u64) -> Option<Began> {
        let now = self.begin();
        (now.order().0 == began.order().0 + own).then_some(now)
    }

    /// Puts an entry down in the place of the same variant; a part takes the place of older parts only. A key may have any
    /// number of variants. Beyond 16 all together may take an eighth of the budget, then the one of them that was not used for
    /// longest goes, so that a `Vary` on a header that clients invent cannot fill the shelf with one key.
    ///
    /// What was purged since its fetch began is not put down; after a soft purge it is, stale since then, if it is whole.
    pub fn put(&self, key: Key, entry: Entry, began: &Began) -> PutOutcome {
        if entry.body().len() > self.max_object() {
            return PutOutcome::TooLarge;
        }
        match self.charge(&key, &entry) {
            Ok(()) => self.insert(key, entry, began),
            Err(Full::Never) => PutOutcome::TooLarge,
            Err(Full::Now) => PutOutcome::NoRoom,
        }
    }

    /// Does what a validation said of an entry, and gives back the entry to answer with. If the 304 forbids what the 200
    /// allowed, the entry goes, and other variants stay. If it is the request that forbids storing, nothing of its
    /// response is kept, and what lies here stays as it was.
    ///
    /// # Errors
    ///
    /// Beside the entry, why it was not kept.
    pub fn renew(
        &self,
        key: &Key,
        renewed: Renewed,
        began: &Began,
    ) -> (Entry, Result<(), NoStore>) {
        let (entry, keep) = (renewed.entry, renewed.keep);
        let kept = match keep {
            Ok(()) => self.put(key.clone(), entry.clone(), began).stored(),
            Err(reason) if reason.is_of_request() => keep,
            Err(_) => {
                self.outdate(key, &entry);
                keep
            }
        };
        (entry, kept)
    }

    /// Takes away what lies here as the variant of this entry: the origin has another answer by now.
    pub fn outdate(&self, key: &Key, entry: &Entry) {
        let place = self.place(key);
        drop(self.shards.of(place).displace(place, key, entry));
    }

    /// Bytes in use, by what lies here, is being read or is being gathered; never above the budget.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        self.shards.budget().used()
    }

    /// How many entries there are, each variant counted. Walks the whole shelf.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn place(&self, key: &Key) -> Place {
        self.hashing.place(key)
    }

    /// Takes what the entry has not yet taken of the budget.
    fn charge(&self, key: &Key, entry: &Entry) -> Result<(), Full> {
        let mut charge = self.shards.make_room(entry.missing(key))?;
        entry.settle(key, &mut charge);
        Ok(())
    }

    fn insert(&self, key: Key, entry: Entry, began: &Began) -> PutOutcome {
        let place = self.place(&key);
        let tags = self.tags(place, &key, &entry.head);
        let refused = |entry: &Entry, is_newest| self.refused(entry, &tags, began, is_newest);
        match self.shards.of(place).insert(place, key, entry, began.order(), refused) {
            Ok(_gone) => PutOutcome::Stored,
            Err(outcome) => outcome,
        }
    }
}
