//! A look-up to store another object in the place of what is there.

use std::{fmt, time::Duration};

use super::{Found, Insert};
use crate::{
    Error, Refusal, Result,
    host::{Looked, Obligation},
};

/// What is there, and the leave to store another in its place.
pub struct Replace {
    existing: Option<Found>,
    obligation: Box<dyn Obligation>,
}

impl Replace {
    pub(super) fn new(looked: Looked) -> Result<Self> {
        let Some(obligation) = looked.obligation else {
            return Err(Error::new(Refusal::CacheMisused, "no leave to replace"));
        };
        obligation.enter();
        Ok(Self { existing: looked.found.map(Found::new), obligation })
    }

    /// What is there and can be used.
    #[must_use]
    pub fn existing_object(&self) -> Option<&Found> {
        self.existing.as_ref()
    }

    /// Stores an object that is fresh for `max_age`, counted from when its age was 0.
    pub fn insert(self, max_age: Duration) -> Insert {
        Insert::of(Some(self.obligation), max_age)
    }
}

impl fmt::Debug for Replace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replace").field("existing", &self.existing).finish_non_exhaustive()
    }
}
