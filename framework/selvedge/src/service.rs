//! A compute service as code: what `#[edge_handler]` makes of a function.

use std::sync::Arc;

use axum::Router;
use tower::ServiceExt;

use crate::{
    Request, Response,
    model::need::{ChainStores, Need},
};

/// A handler with what it needs, ready to be run by an edge.
#[derive(Clone)]
pub struct Service {
    name: &'static str,
    router: Router,
    needs: Arc<[Need]>,
    chain_auth: Option<ChainStores>,
}

impl Service {
    /// A service named as the manifest's `handler` names it.
    #[must_use]
    pub fn new(name: &'static str, router: Router, needs: Vec<Need>) -> Self {
        Self { name, router, needs: needs.into(), chain_auth: None }
    }

    /// Requires a chain token, checked with the stores linked under these names.
    #[must_use]
    pub fn require_chain_auth(mut self, stores: ChainStores) -> Self {
        self.chain_auth = Some(stores);
        self
    }

    /// The handler's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What the service version must provide.
    #[must_use]
    pub fn needs(&self) -> &Arc<[Need]> {
        &self.needs
    }

    /// The stores that chain tokens are checked with, where the code requires one.
    #[must_use]
    pub fn chain_auth(&self) -> Option<ChainStores> {
        self.chain_auth
    }

    /// Runs the handler. The request carries its [`Ctx`](crate::Ctx).
    pub async fn call(&self, request: Request) -> Response {
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}
