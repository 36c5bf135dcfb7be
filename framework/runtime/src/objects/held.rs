//! The flights that a handler leads: what it asks for meanwhile must not wait for them.
//!
//! What it *sends* while it leads a flight descends from that, whichever of its futures sends it: the next service may
//! work in another task, and to go alone there once too often does no harm. What it *looks up* itself descends from a
//! flight only while it works for that, so that of two futures of one handler that want the same value one can wait for
//! the other.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::flight::FlightId;

/// The flights that one hop's handler leads.
#[derive(Default)]
pub struct Held(Mutex<Vec<Leading>>);

struct Leading {
    flight: FlightId,
    /// How often it has begun to work for it, and not ended.
    working: usize,
}

impl Held {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<FlightId> {
        self.held().iter().map(|leading| leading.flight).collect()
    }

    /// Those that it works for now.
    #[must_use]
    pub fn working(&self) -> Vec<FlightId> {
        let held = self.held();
        held.iter().filter(|it| it.working > 0).map(|leading| leading.flight).collect()
    }

    pub(super) fn add(&self, flight: FlightId) {
        self.held().push(Leading { flight, working: 0 });
    }

    pub(super) fn remove(&self, flight: FlightId) {
        self.held().retain(|leading| leading.flight != flight);
    }

    pub(super) fn enter(&self, flight: FlightId) {
        self.of(flight, |working| *working += 1);
    }

    pub(super) fn leave(&self, flight: FlightId) {
        self.of(flight, |working| *working = working.saturating_sub(1));
    }

    fn of(&self, flight: FlightId, change: impl FnOnce(&mut usize)) {
        let mut held = self.held();
        if let Some(leading) = held.iter_mut().find(|leading| leading.flight == flight) {
            change(&mut leading.working);
        }
    }

    /// No step under the lock can leave the list half changed.
    fn held(&self) -> MutexGuard<'_, Vec<Leading>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
