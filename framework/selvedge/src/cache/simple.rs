//! The simple cache: values by key, made once for all who want them (platform.md section 7.2).
//!
//! ```
//! # use std::time::Duration;
//! use selvedge::prelude::*;
//!
//! #[backend("rates")]
//! pub struct Rates;
//!
//! #[edge_handler(path = "/rates/{currency}")]
//! pub async fn rate(cache: SimpleCache, rates: Rates, Path(currency): Path<String>) -> Result<Bytes> {
//!     cache
//!         .get_or_set_with(&currency, async || {
//!             let fresh = rates.get(&format!("/latest/{currency}")).await?;
//!             Ok((fresh.into_body().bytes(1024).await?, Duration::from_secs(30)))
//!         })
//!         .await
//! }
//! ```
//!
//! # Who makes a value
//!
//! Of those who want the same value at once, one makes it and the others wait. Where it cannot, one of those who wait
//! tries. Nobody waits for a value that is being made for it in turn: a closure that wants its own key, be it through
//! another service in the same POP, makes the value by itself. A wait of a minute is refused with
//! [`LookupTimeout`](Refusal::LookupTimeout).
//!
//! # Where a value lies
//!
//! In the cache of this service in this POP, under the memory budget of all cached objects: it may be gone at any time,
//! and what is larger than the largest object (`shelf.max_object`) is returned but not kept. No response and no object
//! of the core cache has the key of a value. A purge of everything takes values too; a purge of a URL does not, and one
//! of a surrogate key meets only the two that every value has: the upper-case hexadecimal SHA-256 of its key, and of its
//! key followed by the POP's name.

mod entry;
mod purge;
mod work;

use std::{fmt, sync::Arc, time::Duration};

use axum::extract::FromRequestParts;
use bytes::Bytes;
use http::{HeaderMap, request::Parts};

use self::work::working;
pub use self::{entry::CacheEntry, purge::PurgeScope};
use crate::{
    BodyExt as _, Ctx, Error, Host, Refusal, Result,
    host::{FoundObject, LookupKind, ObjectOptions, ObjectQuery, ObjectRange, Obligation},
    model::key::{CacheKey, CacheSpace},
};

/// Values by key, in this service's cache in this POP: an extractor.
#[derive(Clone)]
pub struct SimpleCache(Arc<dyn Host>);

impl SimpleCache {
    /// The value of a key, if there is one that has not expired. A key has at most 4096 bytes.
    ///
    /// # Errors
    /// [`Refusal::CacheKeyInvalid`].
    pub async fn get(&self, key: impl AsRef<[u8]> + Send) -> Result<Option<Bytes>> {
        let query = query(key.as_ref())?;
        let looked = self.0.object_lookup(query, LookupKind::Plain).await?;
        match looked.found {
            Some(found) => read(&*found).await.map(Some),
            None => Ok(None),
        }
    }

    /// The value of a key; where there is none, this one, which is kept for `ttl`.
    ///
    /// # Errors
    /// As [`SimpleCache::get`], and [`Refusal::LookupTimeout`].
    pub async fn get_or_set(
        &self,
        key: impl AsRef<[u8]> + Send,
        value: impl Into<Bytes> + Send,
        ttl: Duration,
    ) -> Result<Bytes> {
        let value = value.into();
        self.get_or_set_with(key, || std::future::ready(Ok((value, ttl)))).await
    }

    /// The value of a key; where there is none, what `make` makes of it, as a [`CacheEntry`] or as the pair of value
    /// and lifetime. Its error is returned, nothing is kept then, and one of those who wait makes the value.
    ///
    /// # Errors
    /// As [`SimpleCache::get_or_set`], and whatever `make` returns.
    pub async fn get_or_set_with<Made, Entry>(
        &self,
        key: impl AsRef<[u8]> + Send,
        make: impl FnOnce() -> Made + Send,
    ) -> Result<Bytes>
    where
        Made: Future<Output = Result<Entry>> + Send,
        Entry: Into<CacheEntry>,
    {
        let key = key.as_ref();
        let looked = self.0.object_lookup(query(key)?, LookupKind::Transaction).await?;
        if let Some(found) = looked.found {
            return read(&*found).await;
        }
        let Some(obligation) = looked.obligation else {
            return Err(Error::new(Refusal::CacheMisused, "neither a value nor an obligation"));
        };
        let entry = working(&*obligation, make()).await?.into();
        let kept = self.keep(key, obligation, &entry).await;
        forgivable(kept).map(|()| entry.value)
    }

    async fn keep(&self, key: &[u8], duty: Box<dyn Obligation>, entry: &CacheEntry) -> Result<()> {
        let options = ObjectOptions {
            max_age: entry.ttl,
            surrogate_keys: Some(purge::keys(key, &self.0.place().pop)),
            known_length: Some(entry.value.len() as u64),
            ..ObjectOptions::default()
        };
        let mut writer = duty.insert(options).await?.writer;
        writer.write(entry.value.clone()).await?;
        writer.finish().await
    }
}

/// A value that cannot be kept is a value.
fn forgivable(kept: Result<()>) -> Result<()> {
    match kept {
        Err(error) if error.refusal() == Refusal::ObjectTooLarge => Ok(()),
        Err(error) if error.refusal() == Refusal::CacheFull => Ok(()),
        kept => kept,
    }
}

async fn read(found: &dyn FoundObject) -> Result<Bytes> {
    found.body(ObjectRange::default())?.bytes(usize::MAX).await
}

fn query(key: &[u8]) -> Result<ObjectQuery> {
    let key = CacheKey::new(key).map_err(|cause| {
        Error::new(Refusal::CacheKeyInvalid, "of the simple cache").because(cause)
    })?;
    let headers = HeaderMap::new();
    let space = CacheSpace::Simple;
    Ok(ObjectQuery { space, key, headers, timeout: None, always_use_requested_range: false })
}

impl<S: Send + Sync> FromRequestParts<S> for SimpleCache {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Arc::clone(Ctx::of(parts)?.host())))
    }
}

impl fmt::Debug for SimpleCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimpleCache").finish_non_exhaustive()
    }
}
