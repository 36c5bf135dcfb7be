//! A compute service as code: what `#[edge_handler]` makes of a function.

use std::{fmt, sync::Arc};

use axum::Router;
use tower::ServiceExt;

use crate::{
    Request, Response, broken,
    model::need::{ChainStores, Need},
};

/// A handler with what it needs, ready to be run by an edge.
///
/// `S` is the state that it still lacks: a handler that takes axum's `State<App>` gives a
/// `Service<App>`, and [`Service::with_state`] makes it one that can run.
///
/// ```
/// use selvedge::prelude::*;
///
/// #[derive(Clone)]
/// pub struct App {
///     motto: &'static str,
/// }
///
/// #[edge_handler]
/// pub async fn front(State(app): State<App>) -> &'static str {
///     app.motto
/// }
///
/// let service: selvedge::Service = front::service().with_state(App { motto: "woven" });
/// assert_eq!(service.name(), "front");
/// ```
#[derive(Clone)]
pub struct Service<S = ()> {
    name: &'static str,
    router: Router<S>,
    needs: Arc<[Need]>,
    chain_auth: Option<ChainStores>,
}

impl<S: Clone + Send + Sync + 'static> Service<S> {
    /// A service named as the manifest's `handler` names it.
    #[must_use]
    pub fn new(name: &'static str, router: Router<S>, needs: Vec<Need>) -> Self {
        Self { name, router, needs: needs.into(), chain_auth: None }
    }

    /// Requires a chain token, checked with the stores linked under these names.
    #[must_use]
    pub fn require_chain_auth(mut self, stores: ChainStores) -> Self {
        self.chain_auth = Some(stores);
        self
    }

    /// Gives the handler the state that its `State` arguments show; every request gets a clone.
    #[must_use]
    pub fn with_state(self, state: S) -> Service {
        let Self { name, router, needs, chain_auth } = self;
        Service { name, router: router.with_state(state), needs, chain_auth }
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
}

impl Service {
    /// Runs the handler. The request carries its [`Ctx`](crate::Ctx). An answer of the code that is a 5xx in plain text or
    /// without a type is the code's fault: it keeps its status, the beginning of its text rides along as the detail of a
    /// [`Refusal::HandlerFailed`](crate::Refusal::HandlerFailed), and the body says nothing of it.
    pub async fn call(&self, request: Request) -> Response {
        match self.router.clone().oneshot(request).await {
            Ok(response) => broken::told_apart(response).await,
            Err(never) => match never {},
        }
    }
}

impl<S> fmt::Debug for Service<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("name", &self.name).finish_non_exhaustive()
    }
}
