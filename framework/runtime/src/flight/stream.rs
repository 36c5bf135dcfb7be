//! A body that is read by many while it comes in.
//!
//! It runs ahead of its readers for as long as the shelf would take it. Once it has outgrown that it is not stored any
//! more, and the slowest reader sets the pace: what all have read is forgotten, and the writer waits for whoever is more
//! than a window behind. All state is behind one lock, which is held for a copy of at most a chunk.
//!
//! Here is what it is; in `writing` is what its fetch does with it, in `reading` what its readers do, and in `storing` how the
//! shelf gets it.

use std::sync::{Arc, PoisonError};

use selvedge_cache::{fill::Fill, shelf::Room};

mod reading;
mod state;
mod storing;
mod writing;

pub(in crate::flight) use self::reading::Given;
use self::state::{Pace, State};
pub use self::writing::Go;
use crate::sync::{Mutex, MutexGuard};

/// A body that is coming in.
pub struct Stream {
    state: Mutex<State>,
    declared: Option<u64>,
}

impl Stream {
    /// A body of which nothing has come, to be kept in `room` while it has at most `limit` bytes.
    #[must_use]
    pub fn new(limit: u64, declared: Option<u64>, room: Room) -> Arc<Self> {
        let fill = Fill::new(limit, declared);
        Self::of(fill, declared, room)
    }

    /// The same for a whole body, whose bytes stay where they are put where that is small and its length is declared.
    #[must_use]
    pub fn of_whole(limit: u64, declared: Option<u64>, room: Room) -> Arc<Self> {
        Self::of(Fill::new(limit, declared).of_whole(), declared, room)
    }

    fn of(fill: Fill, declared: Option<u64>, room: Room) -> Arc<Self> {
        let state = State {
            fill: fill.in_chunks(room.chunks()),
            room: Some(room),
            stored: None,
            pace: Pace::Ahead,
            end: None,
            seats: Vec::new(),
            writer: None,
        };
        Arc::new(Self { state: Mutex::new(state), declared })
    }

    /// How long it will be, if that was declared.
    #[must_use]
    pub fn declared(&self) -> Option<u64> {
        self.declared
    }

    /// No step under the lock can leave the state half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod cut_off;
#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
