//! A request that a test puts together piece by piece.

use http::{HeaderName, HeaderValue, Method, Request};
use selvedge::Body;

use crate::{Answer, Edge};

/// A request to an edge, not sent yet.
#[must_use]
pub struct Ask<'a> {
    edge: &'a Edge,
    door: Door,
    request: selvedge::Request,
}

/// Where a request comes in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Where clients come, in one of the POPs.
    Data(usize),
    /// The management API.
    Admin,
}

impl<'a> Ask<'a> {
    #[expect(clippy::panic, reason = "a test with a broken URL has failed")]
    pub(crate) fn new(edge: &'a Edge, door: Door, method: Method, url: &str) -> Self {
        match Request::builder().method(method).uri(url).body(Body::empty()) {
            Ok(request) => Self { edge, door, request },
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

    /// Lets the request come in at this POP, in place of the one where requests enter.
    ///
    /// # Panics
    /// Where the manifest has no such POP.
    #[expect(clippy::panic, reason = "a test that names no POP has failed")]
    pub fn at(mut self, pop: &str) -> Self {
        match self.edge.inner.worlds.now().pops.iter().position(|known| known.name.as_str() == pop)
        {
            Some(pop) => self.door = Door::Data(pop),
            None => panic!("the manifest has no POP `{pop}`"),
        }
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Answer {
        match self.door {
            Door::Data(pop) => self.edge.send_at(pop, self.request).await,
            Door::Admin => self.edge.call(self.request).await,
        }
    }
}
