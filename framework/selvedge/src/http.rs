//! The request and response that handlers see: `http` types with axum's body.
//!
//! No types of our own: whatever works on `http::Request` works here. What the edge adds to a
//! request (its cache choice) rides in the request's extensions.

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::{Cache, Error, Refusal, Result};

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
}

impl RequestExt for Request {
    fn cache(mut self, choice: Cache) -> Self {
        self.extensions_mut().insert(choice);
        self
    }
}

/// Reading a body whole, where a handler has to see all of it.
pub trait BodyExt {
    /// The whole body, if it has at most `max` bytes.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] beyond that, [`Refusal::BodyFailed`] where it breaks off.
    fn bytes(self, max: usize) -> impl Future<Output = Result<Bytes>> + Send;
}

impl BodyExt for Body {
    async fn bytes(self, max: usize) -> Result<Bytes> {
        match Limited::new(self, max).collect().await {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(Error::new(Refusal::TooLarge, format!("a body of more than {max} bytes")))
            }
            Err(error) => Err(Error::new(Refusal::BodyFailed, "while reading it").because(error)),
        }
    }
}
