//! Where a handler runs, and for whom.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::{Ctx, Error};

/// Where this request is being handled: an extractor, and what [`Ctx::place`] returns.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Place {
    /// The POP, as the manifest names it: `LHR`.
    pub pop: String,
    /// The service that is running.
    pub service: String,
    /// How many times a node has started to process this request, this time included: 1 at the
    /// edge.
    pub hop: usize,
    /// How often this service has begun to process the request before: 0 where it came in from a client, and more in a
    /// service that calls itself. Only hops of ours count, whatever a client says.
    pub visits: usize,
    /// Names the request in every hop, log line and error page.
    pub request_id: String,
    /// The client's address as the edge saw it; unknown where a test did not say.
    pub client: Option<IpAddr>,
}

impl Place {
    /// A place, from all of its parts.
    #[must_use]
    pub fn new(
        pop: String,
        service: String,
        hop: usize,
        request_id: String,
        client: Option<IpAddr>,
    ) -> Self {
        Self { pop, service, hop, visits: 0, request_id, client }
    }

    /// The same place after so many visits of the service.
    #[must_use]
    pub fn with_visits(self, visits: usize) -> Self {
        Self { visits, ..self }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Ctx::of(parts)?.place().clone())
    }
}
