//! What a handler says in place of the response: [`Cache`](super::Cache) collects it, the runtime
//! reads it.

use std::time::Duration;

use crate::{
    Error, Refusal, Result,
    model::key::{SurrogateKey, SurrogateKeyError},
};

/// Whether requests for the same thing share one fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Collapsing {
    /// They do.
    #[default]
    On,
    /// This one goes alone.
    Off,
}

/// What a handler says in place of the response, as [`Cache`](super::Cache) collects it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ttl {
    pub(super) lifetime: Option<Duration>,
    pub(super) stale_while_revalidate: Option<Duration>,
    pub(super) stale_if_error: Option<Duration>,
    surrogate_keys: Vec<SurrogateKey>,
    fault: Option<SurrogateKeyError>,
    pub(super) lookup_timeout: Option<Duration>,
    pub(super) collapsing: Collapsing,
}

impl Ttl {
    /// How long the response stays fresh, counted from when it arrives.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// How long after its expiry it may answer while it is refreshed.
    #[must_use]
    pub fn stale_while_revalidate(&self) -> Option<Duration> {
        self.stale_while_revalidate
    }

    /// How long after its expiry it may answer instead of an error.
    #[must_use]
    pub fn stale_if_error(&self) -> Option<Duration> {
        self.stale_if_error
    }

    /// The tags that it is purged by, beside those of the response.
    ///
    /// # Errors
    /// [`Refusal::SurrogateKeyInvalid`] where one of them is none.
    pub fn surrogate_keys(&self) -> Result<&[SurrogateKey]> {
        match self.fault {
            None => Ok(&self.surrogate_keys),
            Some(cause) => {
                Err(Error::new(Refusal::SurrogateKeyInvalid, "of a request that is sent")
                    .because(cause))
            }
        }
    }

    /// How long to wait for another request's fetch; without one as long as it takes.
    #[must_use]
    pub fn lookup_timeout(&self) -> Option<Duration> {
        self.lookup_timeout
    }

    /// Whether the request may share another's fetch.
    #[must_use]
    pub fn collapsing(&self) -> Collapsing {
        self.collapsing
    }

    pub(super) fn tag(&mut self, key: String) {
        match SurrogateKey::new(key) {
            Ok(key) => self.surrogate_keys.push(key),
            Err(fault) => self.fault = self.fault.or(Some(fault)),
        }
    }
}
