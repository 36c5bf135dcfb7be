//! The request and response that handlers see: `http` types with axum's body.
//!
//! No types of our own: whatever works on `http::Request` works here. What the edge adds to a
//! request (its cache choice) rides in the request's extensions.

use std::{error::Error as StdError, fmt, time::Duration};

use axum::BoxError;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::{
    Cache, Error, Refusal, Result,
    cache::{Candidate, Hooks},
};

/// A body: bytes or a stream, the same natively and on wasm.
pub use axum::body::Body;

/// An HTTP request with a streamed body.
pub type Request = ::http::Request<Body>;

/// An HTTP response with a streamed body.
pub type Response = ::http::Response<Body>;

/// What a handler may say about a request that it is about to send.
pub trait RequestExt: Sized {
    /// Says how the cache treats this request when it is sent to a backend.
    #[must_use]
    fn cache(self, choice: Cache) -> Self;

    /// Changes the request when it is about to leave for the backend: after a miss, for a
    /// revalidation (also in the background), and for a pass. The key that the cache knows it by is
    /// settled before. One hook of each kind; the last one counts.
    #[must_use]
    fn before_send(self, hook: impl Fn(&mut Request) -> Result<()> + Send + Sync + 'static)
    -> Self;

    /// Changes the response, and what becomes of it, before it is stored; a pass has no such
    /// moment. One hook of each kind; the last one counts.
    #[must_use]
    fn after_send(
        self,
        hook: impl Fn(&mut Candidate) -> Result<()> + Send + Sync + 'static,
    ) -> Self;
}

impl RequestExt for Request {
    fn cache(mut self, choice: Cache) -> Self {
        self.extensions_mut().insert(choice);
        self
    }

    fn before_send(
        mut self,
        hook: impl Fn(&mut Request) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let hooks = Hooks::of(self.extensions()).before_send(hook);
        self.extensions_mut().insert(hooks);
        self
    }

    fn after_send(
        mut self,
        hook: impl Fn(&mut Candidate) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let hooks = Hooks::of(self.extensions()).after_send(hook);
        self.extensions_mut().insert(hooks);
        self
    }
}

/// Reading a body whole, where a handler has to see all of it.
pub trait BodyExt {
    /// The whole body, if it has at most `max` bytes.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] beyond that, [`Refusal::BodyFailed`] where it breaks off, [`Refusal::RequestStalled`] where a
    /// client says no more of it.
    fn bytes(self, max: usize) -> impl Future<Output = Result<Bytes>> + Send;
}

impl BodyExt for Body {
    async fn bytes(self, max: usize) -> Result<Bytes> {
        match Limited::new(self, max).collect().await {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(Error::new(Refusal::TooLarge, format!("a body of more than {max} bytes")))
            }
            Err(error) => Err(broken("while reading it", error)),
        }
    }
}

/// Why a request's body ends that stopped coming, or nearly so: hosts let it fail by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stalled {
    /// Nothing came for so long.
    Silent(Duration),
    /// What came was less than so many bytes a second.
    Slow(u64),
}

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent(time) => {
                write!(f, "nothing more of the body came for {} s", time.as_secs())
            }
            Self::Slow(least) => write!(f, "the body came slower than {least} bytes a second"),
        }
    }
}

impl StdError for Stalled {}

/// The error of who was reading a body that broke off: whose fault it is depends on why it did.
pub fn broken(what: &str, cause: impl Into<BoxError>) -> Error {
    let cause = cause.into();
    let refusal = match is_stalled(&*cause) {
        true => Refusal::RequestStalled,
        false => Refusal::BodyFailed,
    };
    Error::new(refusal, what).because(cause)
}

/// Whether a body broke off since its client said no more, or next to nothing.
pub fn is_stalled(cause: &(dyn StdError + 'static)) -> bool {
    std::iter::successors(Some(cause), |&cause| cause.source()).any(|cause| cause.is::<Stalled>())
}
