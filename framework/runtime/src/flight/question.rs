//! A request that was not answered from the shelf, and what may answer it.

use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use selvedge_cache::{
    collapse::Role,
    entry::StoredHead,
    key::Key,
    shelf::{Began, Order, Shelf},
};

use super::{Flight, FlightId, Landing, Lead, Stale, Waiting, is_usable};

/// A request that was not answered from the shelf.
pub struct Question<'a> {
    /// What it is about.
    pub key: &'a Key,
    /// Its part among those who want the same.
    pub role: &'a Role,
    /// Its header section.
    pub headers: &'a HeaderMap,
    /// The fields that are known to select among the variants of the key.
    pub vary: &'a [HeaderName],
    /// The flights that it descends from.
    pub ancestors: &'a [FlightId],
    /// When it came, among the purges.
    pub asked: Order,
    /// The same by the clock.
    pub at_ms: u64,
}

/// What a request does now.
pub enum Joined {
    /// It asks for everybody.
    Leads(Lead),
    /// It waits for this flight.
    Follows(Arc<Flight>, Waiting),
    /// It asks for itself.
    Alone,
    /// The one whom it would wait for waits for it.
    Ancestor,
}

impl Landing {
    /// Whether a response that is coming in may answer a request: the variant is right, it was fresh when the request
    /// came, and nothing was purged between the two.
    #[must_use]
    pub fn fits(&self, question: &Question<'_>, shelf: &Shelf) -> bool {
        is_usable(&self.head, question.at_ms) && fits(&self.head, &self.began, question, shelf)
    }
}

impl Stale {
    /// Whether it may answer a request: the variant is right, and nothing was purged between the two.
    #[must_use]
    pub fn fits(&self, question: &Question<'_>, shelf: &Shelf) -> bool {
        fits(&self.entry.head, &self.began, question, shelf)
    }
}

fn fits(head: &StoredHead, began: &Began, question: &Question<'_>, shelf: &Shelf) -> bool {
    let until = Some(question.asked);
    head.variant.matches(question.headers)
        && shelf.overtaken(question.key, head, began.order(), until).is_none()
}
