//! Purging from code (platform.md section 8): by surrogate key, hard or soft, this service's own
//! objects only.
//!
//! ```
//! use selvedge::prelude::*;
//!
//! #[kv_store("articles", value = Text)]
//! pub struct Articles;
//!
//! #[edge_handler(path = "/articles/{name}")]
//! pub async fn publish(
//!     articles: Articles,
//!     purge: Purge,
//!     Path(name): Path<String>,
//!     text: String,
//! ) -> Result<StatusCode> {
//!     articles.put(&name, &text).await?;
//!     purge.surrogate_key(format!("article-{name}")).await?;
//!     purge.soft_surrogate_keys(["front", "news"]).await?;
//!     Ok(StatusCode::NO_CONTENT)
//! }
//! ```

use std::{fmt, sync::Arc};

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::{
    Ctx, Error, Host, Refusal, Result,
    model::{key::SurrogateKey, limits::PURGE_KEYS_MAX},
};

/// Purges what this service has cached: an extractor.
///
/// A purge acts in every POP. When it returns, no request that begins finds what was there, nor does
/// a fetch that was under way bring it back. In a chain each service has a cache of its own: the
/// one nearest to the origin is to be purged first.
#[derive(Clone)]
pub struct Purge(Arc<dyn Host>);

/// What becomes of the objects that a purge meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PurgeMode {
    /// They are gone.
    Hard,
    /// They are stale from now on, so that what permits stale answers counts from now.
    Soft,
}

/// The name of a purge, as the log and the management API have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgeId(String);

impl PurgeId {
    /// As a host gives it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PurgeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Purge {
    /// Takes away what carries the key. The match is exact; a key that nothing carries is purged
    /// like any other.
    ///
    /// # Errors
    /// [`Refusal::SurrogateKeyInvalid`] for what is no surrogate key.
    pub fn surrogate_key(
        &self,
        key: impl Into<String>,
    ) -> impl Future<Output = Result<PurgeId>> + Send {
        self.run(keys([key]), PurgeMode::Hard)
    }

    /// Makes stale what carries the key.
    ///
    /// # Errors
    /// As [`Purge::surrogate_key`].
    pub fn soft_surrogate_key(
        &self,
        key: impl Into<String>,
    ) -> impl Future<Output = Result<PurgeId>> + Send {
        self.run(keys([key]), PurgeMode::Soft)
    }

    /// Takes away what carries at least one of up to 256 keys.
    ///
    /// # Errors
    /// As [`Purge::surrogate_key`], and [`Refusal::PurgeTooLarge`] for more; nothing is purged then.
    pub fn surrogate_keys(
        &self,
        these: impl IntoIterator<Item = impl Into<String>>,
    ) -> impl Future<Output = Result<PurgeId>> + Send {
        self.run(keys(these), PurgeMode::Hard)
    }

    /// Makes stale what carries at least one of up to 256 keys.
    ///
    /// # Errors
    /// As [`Purge::surrogate_keys`].
    pub fn soft_surrogate_keys(
        &self,
        these: impl IntoIterator<Item = impl Into<String>>,
    ) -> impl Future<Output = Result<PurgeId>> + Send {
        self.run(keys(these), PurgeMode::Soft)
    }

    // The keys are read before the future is made, so that it holds nothing of the caller's.
    fn run(
        &self,
        keys: Result<Vec<SurrogateKey>>,
        mode: PurgeMode,
    ) -> impl Future<Output = Result<PurgeId>> + Send + use<> {
        let host = Arc::clone(&self.0);
        async move { host.purge(&keys?, mode).await }
    }
}

fn keys(these: impl IntoIterator<Item = impl Into<String>>) -> Result<Vec<SurrogateKey>> {
    let mut keys = Vec::new();
    for key in these {
        if keys.len() == PURGE_KEYS_MAX {
            let detail = format!("one purge takes at most {PURGE_KEYS_MAX} keys");
            return Err(Error::new(Refusal::PurgeTooLarge, detail));
        }
        keys.push(SurrogateKey::new(key).map_err(|cause| {
            Error::new(Refusal::SurrogateKeyInvalid, "of a purge").because(cause)
        })?);
    }
    Ok(keys)
}

impl<S: Send + Sync> FromRequestParts<S> for Purge {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Arc::clone(Ctx::of(parts)?.host())))
    }
}

impl fmt::Debug for Purge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Purge").finish_non_exhaustive()
    }
}
