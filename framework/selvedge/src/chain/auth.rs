//! The guard in front of a handler: no valid chain token, no handler.
//!
//! A tower layer. The edge has taken the token out of the request's headers before, so that no
//! handler sees it; the guard finds it where the edge put it.

use std::{
    convert::Infallible,
    future::ready,
    task::{Context, Poll},
};

use axum::response::IntoResponse;
use tower::{Layer, Service};

use super::{InboundToken, Verified};
use crate::{
    Ctx, Error, Refusal, Request, Response, Result, host::BoxFuture, model::need::ChainStores,
};

/// A layer that lets only requests with a valid chain token through; others get a 403.
#[derive(Clone, Copy, Debug)]
pub struct ChainAuth {
    stores: ChainStores,
}

impl ChainAuth {
    /// Checks tokens with the secrets linked as `secrets_link`. The config store, linked as
    /// `config_link`, names the one that senders sign with; a receiver accepts every secret that
    /// the store has.
    #[must_use]
    pub const fn new(config_link: &'static str, secrets_link: &'static str) -> Self {
        Self { stores: ChainStores { config: config_link, secrets: secrets_link } }
    }

    /// The links of the two stores.
    #[must_use]
    pub const fn stores(&self) -> ChainStores {
        self.stores
    }

    /// Takes the token out of the request and has it checked. Which forms are accepted, and what has been used up, the
    /// edge knows.
    fn check(self, request: &mut Request) -> Result<Option<Verified>> {
        let token = request.extensions_mut().remove::<InboundToken>().unwrap_or_default();
        let ctx = request.extensions().get::<Ctx>().ok_or_else(no_edge)?;
        ctx.host().chain_admit(self.stores, &token)
    }
}

fn no_edge() -> Error {
    Error::new(Refusal::NoEdge, "a chain token was to be checked, but no edge runs this request")
}

impl<S> Layer<S> for ChainAuth {
    type Service = ChainGuard<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ChainGuard { auth: *self, inner }
    }
}

/// A service behind [`ChainAuth`].
#[derive(Clone, Debug)]
pub struct ChainGuard<S> {
    auth: ChainAuth,
    inner: S,
}

impl<S> Service<Request> for ChainGuard<S>
where
    S: Service<Request, Error = Infallible>,
    S::Response: IntoResponse,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        match self.auth.check(&mut request) {
            Ok(_) => {
                let answer = self.inner.call(request);
                Box::pin(async move { answer.await.map(IntoResponse::into_response) })
            }
            Err(error) => Box::pin(ready(Ok(error.into_response()))),
        }
    }
}
