//! The core cache: objects by key, as streams, with transactions (platform.md section 7.1).
//!
//! A transaction gives what is found. Where nothing usable is, one of those who look has the *obligation* to insert it,
//! and the others wait; where what is found is stale but may be used, nobody waits, and one of those who look in a second
//! is to insert or update it.
//!
//! ```
//! # use std::time::Duration;
//! use selvedge::prelude::*;
//!
//! #[backend("reports")]
//! pub struct Reports;
//!
//! #[edge_handler(path = "/reports/{name}")]
//! pub async fn report(cache: CoreCache, reports: Reports, Path(name): Path<String>) -> Result<Body> {
//!     let transaction = cache.transaction(&name).await?;
//!     if !transaction.must_insert() {
//!         // Without the obligation something was found.
//!         return transaction.found().ok_or_else(gone)?.to_stream();
//!     }
//!     let report = reports.get(&format!("/{name}")).await?;
//!     let (writer, found) = transaction
//!         .insert(Duration::from_secs(60))
//!         .surrogate_keys(["reports"])
//!         .user_metadata("made by hand")
//!         .execute_and_stream_back()
//!         .await?;
//!     let body = found.to_stream()?;
//!     // The client, and whoever waits for the same report, gets each piece as it comes.
//!     writer.finish_from(report.into_body());
//!     Ok(body)
//! }
//!
//! fn gone() -> Error {
//!     Error::new(Refusal::CacheMisused, "neither found nor to be inserted")
//! }
//! ```
//!
//! # Obligations
//!
//! A [`Transaction`] that is dropped, or cancelled, passes its obligation to one of those who wait. So does a
//! [`Writer`] that is dropped before [`Writer::finish`]; whoever reads along then has a body that breaks off.
//!
//! A wait ends after [`timeout`](Lookup::timeout), or a minute, with
//! [`LookupTimeout`](crate::Refusal::LookupTimeout). Nobody waits for itself: while a handler holds a transaction, it and
//! whatever it asks of other services in the same POP gets what would have made it wait as an obligation of its own, for
//! which nobody else waits. What the node cannot see is when two handlers wait for each other in another way, as through
//! a store or an origin; the timeout ends that.
//!
//! # Where an object lies
//!
//! In the cache of this service in this POP, under the memory budget of all cached objects, and never on a disk: it may
//! be gone at any time. Purges of everything and of its surrogate keys take it, soft ones make it stale; a purge of a URL
//! does not. No response and no value of the simple cache has the key of an object. A body that outgrows the largest
//! object (`shelf.max_object`), or for which memory is short, is passed on to those who read along and not stored; where
//! nobody does, [`Writer::write`] fails.

mod found;
mod insert;
mod look_up;
mod replace;
mod transaction;
mod write;

use std::{fmt, sync::Arc, time::Duration};

use axum::extract::FromRequestParts;
use http::request::Parts;

pub use self::{
    found::Found,
    insert::{Insert, Update},
    look_up::{Lookup, Plain, Replacing, Transacting},
    replace::Replace,
    transaction::Transaction,
    write::Writer,
};
pub use crate::host::ReplaceStrategy;
use crate::{Ctx, Error, Host};

/// Objects by key, in this service's cache in this POP: an extractor.
///
/// A key is any text or bytes, at most 4096 of them; a longer one is refused with
/// [`CacheKeyInvalid`](crate::Refusal::CacheKeyInvalid) when the builder is awaited.
#[derive(Clone)]
pub struct CoreCache(Arc<dyn Host>);

impl CoreCache {
    /// Looks for what can be used now, without waiting for anybody: `cache.lookup("k").await?` is an `Option<Found>`.
    pub fn lookup(&self, key: impl AsRef<[u8]>) -> Lookup<Plain> {
        Lookup::new(&self.0, key.as_ref(), Plain)
    }

    /// Looks for it with the obligation for one of those who find nothing: gives a [`Transaction`].
    pub fn transaction(&self, key: impl AsRef<[u8]>) -> Lookup<Transacting> {
        Lookup::new(&self.0, key.as_ref(), Transacting)
    }

    /// Looks for it to store another in its place, whatever is there: gives a [`Replace`].
    pub fn replace(&self, key: impl AsRef<[u8]>) -> Lookup<Replacing> {
        Lookup::new(&self.0, key.as_ref(), Replacing::default())
    }

    /// Stores an object that is fresh for `max_age`, whatever others do. It is found once its body is complete.
    pub fn insert(&self, key: impl AsRef<[u8]>, max_age: Duration) -> Insert {
        Insert::by_itself(&self.0, key.as_ref(), max_age)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CoreCache {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Arc::clone(Ctx::of(parts)?.host())))
    }
}

impl fmt::Debug for CoreCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoreCache").finish_non_exhaustive()
    }
}
