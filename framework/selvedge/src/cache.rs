//! What a handler tells the cache about one request, and what it may do to the response before it
//! is stored (platform.md sections 6.4 and 6.5). The cache itself is the runtime's.
//!
//! What is no response can be cached too: values in [`simple`], streams and transactions in
//! [`core`](mod@core).
//!
//! A request says how it is treated with [`RequestExt::cache`](crate::RequestExt::cache):
//!
//! ```
//! # use std::time::Duration;
//! use selvedge::prelude::*;
//!
//! #[backend("origin")]
//! pub struct Origin;
//!
//! #[edge_handler]
//! pub async fn catalog(origin: Origin, request: Request) -> Result<Response> {
//!     let choice = Cache::ttl(Duration::from_secs(60))
//!         .stale_while_revalidate(Duration::from_secs(10))
//!         .stale_if_error(Duration::from_secs(3600))
//!         .surrogate_key("catalog");
//!     origin.send(request.cache(choice)).await
//! }
//! ```
//!
//! # Hooks
//!
//! [`before_send`](crate::RequestExt::before_send) sees the request only when it is about to leave
//! for the backend, [`after_send`](crate::RequestExt::after_send) the [`Candidate`] response before
//! it is stored. Neither runs for a hit, and both run again when the object is refreshed in the
//! background. An error from either counts as one of the backend's: stale may be served instead.
//!
//! ```
//! # use std::time::Duration;
//! use selvedge::prelude::*;
//!
//! #[backend("origin")]
//! pub struct Origin;
//!
//! #[edge_handler]
//! pub async fn pages(origin: Origin, request: Request) -> Result<Response> {
//!     let request = request
//!         .before_send(|request| {
//!             request.headers_mut().remove(header::COOKIE);
//!             Ok(())
//!         })
//!         .after_send(|candidate| {
//!             if candidate.status().is_server_error() {
//!                 return Err(Error::new(Refusal::ResponseInvalid, "the origin is in trouble"));
//!             }
//!             candidate.headers_mut().remove(header::SET_COOKIE);
//!             candidate.set_ttl(Duration::from_secs(300));
//!             Ok(())
//!         });
//!     origin.send(request).await
//! }
//! ```

pub mod core;
pub mod simple;

mod candidate;
mod decided;
mod hooks;
mod suggestion;
mod ttl;

use std::time::Duration;

pub use self::{
    candidate::Candidate,
    decided::{Decided, Parts, Storing, Transform},
    hooks::Hooks,
    suggestion::{Act, OnError, Suggestion},
    ttl::{Collapsing, Ttl},
};

/// How the cache treats a request that is sent to a backend.
///
/// The methods add to what is said already: on [`Cache::Inherit`] they begin an
/// [`Cache::Override`], and a [`Cache::Pass`] stays one, since nothing of it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cache {
    /// As the service's settings and the response's headers say.
    #[default]
    Inherit,
    /// Neither look the request up nor store its response.
    Pass,
    /// As this says, whatever the response's own headers say. Prohibitions (`no-store`, `private`,
    /// `Vary: *`) still hold.
    Override(Ttl),
}

impl Cache {
    /// Keep the response for `lifetime`, counted from when it arrives.
    ///
    /// It is meant for the statuses that say what is or is not there (200, 203, 204, redirections,
    /// 404, 410); one for any other response is set in [`Candidate::set_ttl`].
    #[must_use]
    pub fn ttl(lifetime: Duration) -> Self {
        Self::Inherit.say(|said| said.lifetime = Some(lifetime))
    }

    /// For so long after its expiry it may answer while it is refreshed in the background.
    #[must_use]
    pub fn stale_while_revalidate(self, window: Duration) -> Self {
        self.say(|said| said.stale_while_revalidate = Some(window))
    }

    /// For so long after its expiry it may answer instead of an error.
    #[must_use]
    pub fn stale_if_error(self, window: Duration) -> Self {
        self.say(|said| said.stale_if_error = Some(window))
    }

    /// Adds a tag by which the stored response can be purged: 1 to 1024 bytes of visible ASCII.
    ///
    /// The response's own `Surrogate-Key` lines count too. One that is no surrogate key makes the
    /// send fail with [`SurrogateKeyInvalid`](crate::Refusal::SurrogateKeyInvalid); in a response's header it would be ignored.
    #[must_use]
    pub fn surrogate_key(self, key: impl Into<String>) -> Self {
        self.surrogate_keys([key])
    }

    /// Adds several tags, as [`Cache::surrogate_key`] does.
    #[must_use]
    pub fn surrogate_keys(self, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.say(|said| keys.into_iter().for_each(|key| said.tag(key.into())))
    }

    /// Waits no longer than this for the fetch of another request that has asked for the same; then
    /// the send fails with [`LookupTimeout`](crate::Refusal::LookupTimeout). It is neither retried nor sent. Zero does
    /// not wait at all. Not on Fastly Compute.
    #[must_use]
    pub fn lookup_timeout(self, limit: Duration) -> Self {
        self.say(|said| said.lookup_timeout = Some(limit))
    }

    /// Does not wait for the fetch of another request that has asked for the same, nor lets others
    /// wait for this one: both go to the backend. Not on Fastly Compute.
    #[must_use]
    pub fn without_collapsing(self) -> Self {
        self.say(|said| said.collapsing = Collapsing::Off)
    }

    fn say(self, what: impl FnOnce(&mut Ttl)) -> Self {
        let mut said = match self {
            Self::Pass => return Self::Pass,
            Self::Inherit => Ttl::default(),
            Self::Override(said) => said,
        };
        what(&mut said);
        Self::Override(said)
    }
}
