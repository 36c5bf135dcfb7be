//! Backends: named places that a service sends requests to.

use std::{fmt, sync::Arc};

use http::Uri;

use crate::{Body, Ctx, Error, Host, Refusal, Request, Response, Result, broken};

/// A named backend: what a `#[backend("name")]` struct derefs to.
///
/// Where it leads (another service or an origin), its host override and its timeouts are the
/// manifest's; so is the chain token that goes with every attempt.
#[derive(Clone)]
pub struct Backend {
    host: Arc<dyn Host>,
    name: &'static str,
}

impl Backend {
    pub(crate) fn open(ctx: &Ctx, name: &'static str) -> Self {
        Self { host: ctx.host().clone(), name }
    }

    /// Sends a request through the cache, as the request's [`Cache`](crate::Cache) says. An error
    /// status is a response.
    ///
    /// # Errors
    /// Only where no response was received: [`Refusal::DnsError`],
    /// [`Refusal::ConnectionRefused`], [`Refusal::FirstByteTimeout`] and the like.
    pub async fn send(&self, request: Request) -> Result<Response> {
        self.host.send(self.name, request).await.map(broken::received)
    }

    /// Sends a GET for a path, with its query: `backend.get("/users?page=2")`.
    ///
    /// # Errors
    /// [`Refusal::RequestInvalid`] for what is no path; otherwise as [`Backend::send`].
    pub async fn get(&self, path: &str) -> Result<Response> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = self.uri(path)?;
        self.send(request).await
    }

    /// The backend's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    fn uri(&self, path: &str) -> Result<Uri> {
        let detail = || format!("`{path}` is no path to get from backend `{}`", self.name);
        if !path.starts_with('/') {
            return Err(Error::new(Refusal::RequestInvalid, detail()));
        }
        Uri::try_from(path)
            .map_err(|cause| Error::new(Refusal::RequestInvalid, detail()).because(cause))
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend").field("name", &self.name).finish_non_exhaustive()
    }
}
