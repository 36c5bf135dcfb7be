//! The request and response that handlers see: `http` types with axum's body.
//!
//! No types of our own: whatever works on `http::Request` works here. What the edge adds to a
//! request (its cache choice) rides in the request's extensions.

use crate::Cache;

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
