//! What is left of a candidate once a handler has seen it.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::Body;

/// What a handler decided about one response; what it left open is as suggested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decided {
    /// Whether it is stored.
    pub storing: Storing,
    /// How long it stays fresh from now on.
    pub ttl: Option<Duration>,
    /// How long after its expiry it may answer while it is refreshed.
    pub stale_while_revalidate: Option<Duration>,
    /// How long after its expiry it may answer instead of an error.
    pub stale_if_error: Option<Duration>,
}

/// Whether a response is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storing {
    /// As suggested.
    #[default]
    AsSuggested,
    /// It is, although nothing says so.
    Store,
    /// It is not, and a mark remembers it.
    Refuse,
    /// It is not, and nothing is remembered.
    RefuseUnmarked,
}

/// A candidate taken apart.
pub struct Parts {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// What the handler decided.
    pub decided: Decided,
    /// What becomes of the body.
    pub transform: Option<Transform>,
}

/// Makes the body that is stored and sent of the one that came.
pub type Transform = Box<dyn FnOnce(Body) -> Body + Send>;
