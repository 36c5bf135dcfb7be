//! A look-up with its obligation.

use std::{fmt, time::Duration};

use super::{Found, Insert, Update};
use crate::host::{Looked, Obligation};

/// What was found, and the obligation, where this look-up has it.
///
/// Dropping it with the obligation unfulfilled cancels it.
pub struct Transaction {
    found: Option<Found>,
    obligation: Option<Box<dyn Obligation>>,
}

impl Transaction {
    /// From here to its end, what the handler does is done while others wait.
    pub(super) fn new(looked: Looked) -> Self {
        let Looked { found, obligation } = looked;
        obligation.iter().for_each(|obligation| obligation.enter());
        Self { found: found.map(Found::new), obligation }
    }

    /// What can be used: fresh, or stale while it is made anew.
    #[must_use]
    pub fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// What can be used, without the obligation.
    #[must_use]
    pub fn into_found(self) -> Option<Found> {
        self.found
    }

    /// Whether nothing can be used and it is this look-up that has to insert it. Where it is not, something was found.
    #[must_use]
    pub fn must_insert(&self) -> bool {
        self.obligation.is_some() && self.found.is_none()
    }

    /// Whether it is this look-up that has to insert it, or to update what is stale.
    #[must_use]
    pub fn must_insert_or_update(&self) -> bool {
        self.obligation.is_some()
    }

    /// Stores an object that is fresh for `max_age`, counted from when its age was 0, in the place of what was found.
    ///
    /// # Errors
    /// When it is executed, [`CacheMisused`](crate::Refusal::CacheMisused) without the obligation.
    pub fn insert(self, max_age: Duration) -> Insert {
        Insert::of(self.obligation, max_age)
    }

    /// Gives what was found a new life and new metadata, and keeps its body.
    ///
    /// # Errors
    /// When it is executed, [`CacheMisused`](crate::Refusal::CacheMisused) without the obligation, or where nothing was
    /// found.
    pub fn update(self, max_age: Duration) -> Update {
        Update::of(self.obligation, max_age)
    }

    /// Leaves the obligation to one of those who wait, as dropping it does.
    pub fn cancel(self) {
        drop(self);
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("found", &self.found)
            .field("must_insert_or_update", &self.must_insert_or_update())
            .finish()
    }
}
