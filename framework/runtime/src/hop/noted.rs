//! What the last send of a hop leaves behind, for the answer to be told by.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderMap;

use super::{Hop, Object, Outcome};

impl Hop {
    /// What the cache did for the last send.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        *lock(&self.outcome)
    }

    /// Notes what the cache did.
    pub fn note(&self, outcome: Outcome) {
        *lock(&self.outcome) = outcome;
    }

    /// The object that the last send was about, where debug headers were asked for.
    #[must_use]
    pub fn object(&self) -> Option<Object> {
        lock(&self.object).as_deref().cloned()
    }

    /// Notes the object, where debug headers were asked for.
    pub fn note_object(&self, object: impl FnOnce() -> Object) {
        if self.along.debug {
            *lock(&self.object) = Some(Box::new(object()));
        }
    }

    /// Notes what a hop that failed says of itself, for the answer to be told by.
    pub fn note_behind(&self, headers: HeaderMap) {
        *lock(&self.behind) = Some(Box::new(headers));
    }

    /// What was noted so.
    #[must_use]
    pub fn take_behind(&self) -> HeaderMap {
        let behind = lock(&self.behind).take();
        behind.map(|headers| *headers).unwrap_or_default()
    }
}

/// Each is replaced as a whole, so a panic elsewhere does not spoil it.
fn lock<T>(noted: &Mutex<T>) -> MutexGuard<'_, T> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}
