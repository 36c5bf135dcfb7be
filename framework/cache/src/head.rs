//! The head of a stored response: its header section, and what is known of it beside that.
//!
//! What is kept of the response's header section is `fields`' part, what it says `head/section`'s; its times and counters
//! are `head/facts`'. In memory it is the beginning of a block.

mod common;
mod facts;
mod further;
mod kept;
mod lines;
mod names;
mod section;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::header::DATE;
use http::{HeaderMap, StatusCode};
use selvedge_model::key::SurrogateKey;

pub use self::facts::Facts;
pub(crate) use self::further::Further;
pub(crate) use self::lines::Line;
pub(crate) use self::names::Role;
use crate::block::{Block, Known};
use crate::body::StoredBody;
use crate::fields::{missing_date, storable};
use crate::fresh::Freshness;
use crate::storable::{RequestView, ResponseView};
use crate::vary::{Variant, VaryStar};

/// The head of a stored response, or of an object that code stores, which has no header section. Its storable headers
/// always have a `Date`. Cloning copies nothing: the clones have their counters in common.
#[derive(Clone)]
pub struct StoredHead(
    /// The block that it lies in is that of the body: so an entry hands out either of them, and is one handle.
    pub(crate) StoredBody,
);

impl StoredHead {
    /// The head to keep of a response that `storable` let through.
    ///
    /// # Errors
    ///
    /// [`VaryStar`], which `storable` refuses too.
    pub fn new(
        request: &RequestView<'_>,
        response: &ResponseView<'_>,
        freshness: Freshness,
        received_at_ms: u64,
    ) -> Result<Self, VaryStar> {
        let variant = Variant::of(response.headers, request.headers)?;
        let facts = Facts::of(response.status, variant, freshness, received_at_ms);
        Ok(Self::of(facts, None, &storable_lines(response.headers, received_at_ms)))
    }

    /// The head of an object that code stores.
    #[must_use]
    pub fn of_object(variant: Variant, freshness: Freshness, received_at_ms: u64) -> Self {
        Self::of(Facts::of(StatusCode::OK, variant, freshness, received_at_ms), None, &[])
    }

    fn of(facts: Facts, further: Option<Arc<Further>>, lines: &[u8]) -> Self {
        Self::in_block(Block::of(Known::of(facts, further), lines))
    }

    pub(crate) fn in_block(block: Block) -> Self {
        Self(StoredBody(block))
    }

    pub(crate) fn block(&self) -> &Block {
        &self.0.0
    }

    /// When the origin made it: its `Date`, or the time of receipt if that is no date.
    #[must_use]
    pub fn made_at_ms(&self) -> u64 {
        self.date(&DATE).at().unwrap_or(self.received_at_ms)
    }

    /// Gives it surrogate keys beside those of its `Surrogate-Key` lines, in the place of any given before. A validation
    /// keeps them.
    pub fn set_surrogate_keys(&mut self, keys: Vec<SurrogateKey>) {
        self.set_further(Further { keys: keys.into(), metadata: self.user_metadata() });
    }

    /// Gives it bytes that mean something to the code that stores it, in the place of any given before.
    pub fn set_user_metadata(&mut self, metadata: Bytes) {
        let keys = self.further().map(|further| further.keys.clone()).unwrap_or_default();
        self.set_further(Further { keys, metadata });
    }

    /// The bytes that were given so; none otherwise.
    #[must_use]
    pub fn user_metadata(&self) -> Bytes {
        self.further().map(|further| further.metadata.clone()).unwrap_or_default()
    }

    /// Counts so many look-ups in advance: those of the object whose place it takes.
    #[must_use]
    pub fn after_hits(self, hits: u64) -> Self {
        self.with(|facts| facts.set_hits(hits))
    }

    fn further_keys(&self) -> &[SurrogateKey] {
        self.further().map(|further| &*further.keys).unwrap_or_default()
    }

    /// Most heads have nothing further, and no room for it.
    fn set_further(&mut self, further: Further) {
        let is_any = !further.keys.is_empty() || !further.metadata.is_empty();
        let further = is_any.then(|| Arc::new(further));
        *self = Self::of(self.facts().copy(), further, self.block().lines());
    }

    fn further(&self) -> Option<&Arc<Further>> {
        self.block().rare()?.further.as_ref()
    }

    /// The same head with these headers and a new life, as after a validation; its hits so far count on. What is looked up
    /// in the old one from now on is counted there alone.
    pub(crate) fn renewed(
        &self,
        headers: &HeaderMap,
        freshness: Freshness,
        received_at_ms: u64,
    ) -> Self {
        let facts = self.facts().renewed(freshness, received_at_ms);
        Self::of(facts, self.further().cloned(), &storable_lines(headers, received_at_ms))
    }

    /// The same head with its lifetime over.
    pub(crate) fn expired(&self) -> Self {
        self.with(Facts::expire)
    }

    pub(crate) fn with_status(&self, status: StatusCode) -> Self {
        self.with(|facts| facts.status = status)
    }

    pub(crate) fn with_variant(&self, variant: Variant) -> Self {
        self.with(|facts| facts.variant = variant)
    }

    /// The same head without its body; its hits so far count on.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.with(|_| ())
    }

    fn with(&self, change: impl FnOnce(&mut Facts)) -> Self {
        let mut facts = self.facts().copy();
        change(&mut facts);
        Self::of(facts, self.further().cloned(), self.block().lines())
    }

    fn facts(&self) -> &Facts {
        &self.block().facts
    }

    /// What is known of it, to be put into the block of an entry.
    pub(crate) fn known(&self) -> Known {
        Known::of(self.facts().copy(), self.further().cloned())
    }
}

impl Deref for StoredHead {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        self.facts()
    }
}

impl fmt::Debug for StoredHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("StoredHead");
        out.field("facts", self.facts()).field("headers", &self.headers()).finish()
    }
}

/// The lines to keep of a response's headers, always with a `Date`.
fn storable_lines(headers: &HeaderMap, received_at_ms: u64) -> Vec<u8> {
    let mut fields = storable(headers);
    let (name, date) = (DATE, missing_date(&fields, received_at_ms));
    fields.extend(date.iter().map(|date| (&name, date)));
    lines::text(fields.iter().copied())
}
