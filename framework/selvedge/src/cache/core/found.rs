//! An object that was found.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::{
    Body, Result,
    host::{FoundObject, ObjectFacts, ObjectRange},
};

/// An object that was found, or that is being written.
///
/// Its ages are as of the beginning of the look-up: fresh while `age < max_age`, usable while
/// `age < max_age + stale_while_revalidate`, and after a soft purge as if `max_age` had ended with it. It can be read
/// after it was purged, evicted or replaced.
#[derive(Clone)]
pub struct Found(Arc<dyn FoundObject>);

impl Found {
    pub(super) fn new(object: Arc<dyn FoundObject>) -> Self {
        Self(object)
    }

    /// How long it is fresh, counted from when its age was 0.
    #[must_use]
    pub fn max_age(&self) -> Duration {
        self.facts().max_age
    }

    /// How long it stays fresh; zero if it is stale.
    #[must_use]
    pub fn remaining_ttl(&self) -> Duration {
        let facts = self.facts();
        facts.max_age.saturating_sub(facts.age)
    }

    /// Its age.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.facts().age
    }

    /// How long it may be used after it is stale, while it is made anew.
    #[must_use]
    pub fn stale_while_revalidate(&self) -> Duration {
        self.facts().stale_while_revalidate
    }

    /// The length of its body in bytes: as declared, or of a body that is complete.
    #[must_use]
    pub fn known_length(&self) -> Option<u64> {
        self.facts().known_length
    }

    /// What was stored beside the body; empty where nothing was.
    #[must_use]
    pub fn user_metadata(&self) -> Bytes {
        self.facts().user_metadata
    }

    /// Whether it may be used: fresh, or stale while it is made anew.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let facts = self.facts();
        facts.age < facts.max_age.saturating_add(facts.stale_while_revalidate)
    }

    /// Whether it is not fresh.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let facts = self.facts();
        facts.age >= facts.max_age
    }

    /// How many look-ups have found it, this one included. Reading back what one writes is none.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.facts().hits
    }

    /// Its body, from its beginning, also while it is being written.
    ///
    /// # Errors
    /// [`CacheMisused`](crate::Refusal::CacheMisused) while another stream of it is open;
    /// [`BodyFailed`](crate::Refusal::BodyFailed) where its beginning has been forgotten: it was not stored, and others
    /// have read on.
    pub fn to_stream(&self) -> Result<Body> {
        self.0.body(ObjectRange::default())
    }

    /// The bytes from `from` to `to`, that one included; without `from`, the last `to` bytes. A range that reaches beyond
    /// the body gives the whole body; so does any where the length is not known, unless the look-up said
    /// [`always_use_requested_range`](super::Lookup::always_use_requested_range).
    ///
    /// # Errors
    /// As [`Found::to_stream`], and [`CacheMisused`](crate::Refusal::CacheMisused) where `to` comes before `from`.
    pub fn to_stream_from_range(&self, from: Option<u64>, to: Option<u64>) -> Result<Body> {
        self.0.body(ObjectRange { from, to })
    }

    fn facts(&self) -> ObjectFacts {
        self.0.facts()
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Found").field(&self.facts()).finish()
    }
}
