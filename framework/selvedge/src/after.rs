//! Work that begins when a response has been sent.
//!
//! ```
//! use selvedge::prelude::*;
//!
//! #[kv_store("visits", value = Text)]
//! pub struct Visits;
//!
//! #[edge_handler(path = "/pages/{name}")]
//! pub async fn page(after: After, visits: Visits, Path(name): Path<String>) -> String {
//!     let text = format!("the page {name}");
//!     after.spawn(async move {
//!         // Nobody waits for it, so nobody is told that it failed, unless it says so.
//!         let _ = visits.put(&name, &"seen".to_owned()).await;
//!     });
//!     text
//! }
//! ```

use std::{fmt, sync::Arc};

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::{Ctx, Error, host::BoxFuture};

/// Where work is left; the runtime's side of [`After`].
pub trait Later: Send + Sync + 'static {
    /// Takes work on that must not be lost. It begins when the response's body has been sent or
    /// dropped; at once, where that has happened.
    fn leave(&self, work: BoxFuture<'static, ()>);
}

/// Runs work after this request's response has been sent: an extractor.
///
/// The work begins when the whole body has been sent or dropped, also where the client went away
/// before. Bindings may be moved into it. A node that is told to stop waits for it as long as it
/// waits for connections, and cuts it then. In a test it runs when the test settles.
#[derive(Clone)]
pub struct After(Arc<dyn Later>);

impl After {
    /// As a host makes it.
    #[must_use]
    pub fn new(later: Arc<dyn Later>) -> Self {
        Self(later)
    }

    /// Leaves work for after the response. Each piece begins in the order in which it was left.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.leave(Box::pin(work));
    }
}

impl<S: Send + Sync> FromRequestParts<S> for After {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Ctx::of(parts)?.host().after())
    }
}

impl fmt::Debug for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("After").finish_non_exhaustive()
    }
}
