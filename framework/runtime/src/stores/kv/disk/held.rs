//! Snapshots that readers of large values hold while they read, and until when.
//!
//! A snapshot keeps the pages of its commit from being used again, so the file grows by what is written meanwhile; that is
//! why nobody has one for longer than [`KV_SNAPSHOT_MS`]. The writer is the one whom it costs something, so it is the writer
//! who takes them away, before a commit; and all go before the file is opened again, since it is locked while one is left.
//! Who has lost theirs goes on without, for as long as nobody writes over what they read (`parting`).

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use redb::ReadOnlyTable;
use selvedge_model::limits::KV_SNAPSHOT_MS;

use super::schema::PartKey;

/// The parts of all values as they were at one commit.
pub(super) type Snapshot = ReadOnlyTable<PartKey, &'static [u8]>;

/// A reader's snapshot, while it has one. Dropping it gives the pages back.
pub(super) struct Slot(Mutex<Option<Snapshot>>);

/// All that are held.
#[derive(Default)]
pub(super) struct Held(Mutex<Vec<Hold>>);

struct Hold {
    until_ms: u64,
    slot: Weak<Slot>,
}

impl Slot {
    pub(super) fn lock(&self) -> MutexGuard<'_, Option<Snapshot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Holds a snapshot from now on, for a while.
    pub(super) fn hold(&self, snapshot: Snapshot, now_ms: u64) -> Arc<Slot> {
        let slot = Arc::new(Slot(Mutex::new(Some(snapshot))));
        let until_ms = now_ms.saturating_add(KV_SNAPSHOT_MS);
        self.end_where(|_| false);
        self.all().push(Hold { until_ms, slot: Arc::downgrade(&slot) });
        slot
    }

    /// Takes those away whose time is over.
    pub(super) fn end(&self, now_ms: u64) {
        self.end_where(|until_ms| until_ms <= now_ms);
    }

    /// Takes all away.
    pub(super) fn end_all(&self) {
        self.end_where(|_| true);
    }

    /// Forgets those as well whose readers are gone.
    fn end_where(&self, is_over: impl Fn(u64) -> bool) {
        self.all().retain(|hold| {
            let over = is_over(hold.until_ms);
            if let Some(slot) = hold.slot.upgrade().filter(|_| over) {
                slot.lock().take();
            }
            !over && hold.slot.strong_count() > 0
        });
    }

    /// A panic elsewhere leaves the list whole.
    fn all(&self) -> MutexGuard<'_, Vec<Hold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("snapshots", &self.all().len()).finish()
    }
}
