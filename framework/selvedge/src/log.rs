//! Lines for the operator: what a handler wants known beside its answer.
//!
//! ```
//! use selvedge::prelude::*;
//!
//! #[edge_handler(path = "/orders/{id}")]
//! pub async fn order(log: Log, Path(id): Path<String>) -> StatusCode {
//!     log.line(format!("order {id} was asked for"));
//!     StatusCode::NO_CONTENT
//! }
//! ```

use std::{fmt, sync::Arc};

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::{Ctx, Error, Host};

/// The service's log: an extractor. Clients never see it.
#[derive(Clone)]
pub struct Log(Arc<dyn Host>);

impl Log {
    /// Writes a line. Line breaks and other control characters in it are shown as escapes.
    pub fn line(&self, line: impl AsRef<str>) {
        self.0.log(line.as_ref());
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Log {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Arc::clone(Ctx::of(parts)?.host())))
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
