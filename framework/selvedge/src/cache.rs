//! What a handler tells the cache about one request. The cache itself is the runtime's.

use std::time::Duration;

/// How the cache treats a request that is sent to a backend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cache {
    /// As the service's settings and the response's headers say.
    #[default]
    Inherit,
    /// Neither look the request up nor store its response.
    Pass,
    /// Store the response for as long as this says, whatever its own freshness headers say.
    /// Prohibitions (`no-store`, `private`, `Vary: *`) still hold.
    Override(Ttl),
}

impl Cache {
    /// Keep the response for `lifetime`, counted from when it arrives.
    #[must_use]
    pub fn ttl(lifetime: Duration) -> Self {
        Self::Override(Ttl { lifetime })
    }
}

/// A time to live chosen by the handler.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ttl {
    /// How long the response stays fresh, counted from when it arrives.
    pub lifetime: Duration,
}
