//! The part of the seam for objects that code caches (platform.md section 7): look up, store, read.
//!
//! It is close to what the platform's own calls offer: a look-up gives what there is and, where somebody has to make it,
//! the obligation; the obligation is fulfilled with a body that others read while it is written. Handlers use
//! [`cache::core`](crate::cache::core) and [`cache::simple`](crate::cache::simple).

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName};

use crate::{
    Body, Result,
    host::BoxFuture,
    model::key::{CacheKey, CacheSpace, SurrogateKey},
};

/// Which object is meant.
#[derive(Clone, Debug)]
pub struct ObjectQuery {
    /// Which of the service's caches it lies in.
    pub space: CacheSpace,
    /// Its key there.
    pub key: CacheKey,
    /// What selects among its variants.
    pub headers: HeaderMap,
    /// How long to wait for another's insert; `None` is as long as the host sees fit.
    pub timeout: Option<Duration>,
    /// Whether ranges count though the length is not known.
    pub always_use_requested_range: bool,
}

/// How it is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupKind {
    /// For what can be used now; nobody waits, and nobody has to do anything.
    Plain,
    /// With the obligation for one of those who find nothing, while the others wait.
    Transaction,
    /// To store another in its place.
    Replace(ReplaceStrategy),
}

/// What a replacement does about others who store the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplaceStrategy {
    /// It begins at once and races them. What is there can be used until the replacement is complete.
    #[default]
    Immediate,
    /// It begins at once, and what is there is gone: transactions that begin now wait for the replacement.
    ImmediateForceMiss,
    /// It waits until those who are storing the same are done.
    Wait,
}

/// What a look-up gave.
pub struct Looked {
    /// What can be used.
    pub found: Option<Arc<dyn FoundObject>>,
    /// The obligation to make it or make it anew. Dropping it passes it to one of those who wait.
    pub obligation: Option<Box<dyn Obligation>>,
}

/// What is said of an object that is stored. `None` is nothing in an insert; in an update, what it was.
#[derive(Clone, Debug, Default)]
pub struct ObjectOptions {
    /// How long it is fresh, counted from when its age was 0.
    pub max_age: Duration,
    /// Its age now.
    pub initial_age: Duration,
    /// How long it may be used after that, while it is made anew.
    pub stale_while_revalidate: Duration,
    /// The request headers that it depends on.
    pub vary_by: Option<Vec<HeaderName>>,
    /// The tags by which it can be purged.
    pub surrogate_keys: Option<Vec<SurrogateKey>>,
    /// The body's length in bytes, where that is known. Of no meaning to an update.
    pub known_length: Option<u64>,
    /// What the code wants to know of it later.
    pub user_metadata: Bytes,
    /// Whether it must never be written to a disk.
    pub sensitive: bool,
}

/// Who has it makes the object for everybody who waits.
pub trait Obligation: Send + Sync + 'static {
    /// Stores a new object, whose body is written now. Whoever waits reads along.
    fn insert(self: Box<Self>, options: ObjectOptions) -> BoxFuture<'static, Result<Inserted>>;

    /// Gives what was found a new life and new metadata, and keeps its body.
    fn update(self: Box<Self>, options: ObjectOptions) -> BoxFuture<'static, Result<()>>;

    /// What the handler does until [`Obligation::leave`] is done for those who wait: it must not wait for them in turn.
    fn enter(&self) {}

    /// The end of that.
    fn leave(&self) {}
}

/// An object that is being written.
pub struct Inserted {
    /// Where its body goes.
    pub writer: Box<dyn ObjectWriter>,
    /// The object, to be read while it is written.
    pub found: Arc<dyn FoundObject>,
}

/// The body of an object that is being written. Dropping it before its end breaks it off for its readers, and nothing is
/// stored.
pub trait ObjectWriter: Send + 'static {
    /// Writes the next bytes.
    fn write<'a>(&'a mut self, bytes: Bytes) -> BoxFuture<'a, Result<()>>;

    /// Ends it.
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<()>>;

    /// Writes this to its end and ends it, while the handler goes on; what breaks off breaks it off.
    fn finish_from(self: Box<Self>, body: Body);
}

/// An object that was found.
pub trait FoundObject: Send + Sync + 'static {
    /// What is known of it. Ages are as of the beginning of the look-up.
    fn facts(&self) -> ObjectFacts;

    /// Its body, or those bytes of it; one at a time.
    ///
    /// # Errors
    /// [`Refusal::CacheMisused`](crate::Refusal::CacheMisused) for a range that no body has, and while another body of it is
    /// being read; [`Refusal::BodyFailed`](crate::Refusal::BodyFailed) where its beginning is not kept any more.
    fn body(&self, range: ObjectRange) -> Result<Body>;
}

/// The bytes from `from` to `to`, that one included; without `from`, the last `to` bytes; without either, all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectRange {
    /// The first byte, counted from 0.
    pub from: Option<u64>,
    /// The last byte, or the number of bytes.
    pub to: Option<u64>,
}

/// What is known of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectFacts {
    /// How long it is fresh, counted from when its age was 0.
    pub max_age: Duration,
    /// Its age.
    pub age: Duration,
    /// How long it may be used after that, while it is made anew.
    pub stale_while_revalidate: Duration,
    /// The body's length in bytes, where that is known by now.
    pub known_length: Option<u64>,
    /// What the code that stored it wanted to know of it.
    pub user_metadata: Bytes,
    /// How many look-ups have found it.
    pub hits: u64,
}
