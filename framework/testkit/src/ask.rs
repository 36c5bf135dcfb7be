//! A request that a test puts together piece by piece.

use http::{HeaderName, HeaderValue, Method, Request};
use selvedge::Body;

use crate::{Answer, Edge};

/// A request to an edge, not sent yet.
#[must_use]
pub struct Ask<'a> {
    edge: &'a Edge,
    request: selvedge::Request,
}

impl<'a> Ask<'a> {
    #[expect(clippy::panic, reason = "a test with a broken URL has failed")]
    pub(crate) fn new(edge: &'a Edge, method: Method, url: &str) -> Self {
        match Request::builder().method(method).uri(url).body(Body::empty()) {
            Ok(request) => Self { edge, request },
            Err(error) => panic!("`{url}` is no URL: {error}"),
        }
    }

    /// Adds a header line.
    ///
    /// # Panics
    /// Where it is none.
    #[expect(clippy::panic, reason = "a test with a broken header has failed")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
        else {
            panic!("`{name}: {value}` is no header line");
        };
        self.request.headers_mut().append(name, value);
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Answer {
        self.edge.send(self.request).await
    }
}
