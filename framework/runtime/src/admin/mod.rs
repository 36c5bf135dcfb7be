//! The management API on its own listener. Every request needs the token.
//!
//! What it may say no to is in the account (`selvedge-account`) and in the store engines; here is only the wire: paths,
//! bodies, fields, statuses (platform.md sections 1 to 3 and 8).

mod account;
mod auth;
mod config;
mod endpoint;
mod kv;
mod links;
mod purge;
mod secret;
mod services;
mod store;
mod wire;
mod writes;

use std::{convert::Infallible, io, net::TcpListener, sync::Arc};

use axum::{Router, extract::FromRef, middleware};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use selvedge::{Body, store::secret::Secret};
use selvedge_account::Account;
use tokio::net;
use tower::ServiceExt;

pub use self::endpoint::{ENDPOINTS, Endpoint};
use self::{secret::ClientKeys, writes::Writes};
use crate::{
    account::LiveAccount,
    serve::{self, Stop},
    world::World,
};

/// What endpoints work on.
struct Api {
    world: Arc<World>,
    writes: Writes,
    keys: ClientKeys,
}

impl Api {
    fn account(&self) -> Arc<Account> {
        self.live().now()
    }

    fn live(&self) -> &LiveAccount {
        &self.world.account
    }

    fn now_ms(&self) -> u64 {
        self.world.clock.now_ms()
    }
}

impl FromRef<Arc<Api>> for Arc<World> {
    fn from_ref(api: &Arc<Api>) -> Self {
        Arc::clone(&api.world)
    }
}

/// The API's endpoints.
pub fn router(world: Arc<World>, token: Secret) -> Router {
    let api = Arc::new(Api { world, writes: Writes::default(), keys: ClientKeys::default() });
    let counted = middleware::from_fn_with_state(Arc::clone(&api), writes::counted);
    endpoint::routes()
        .route_layer(counted)
        .merge(purge::checked_routes())
        .fallback(endpoint::no_such)
        .method_not_allowed_fallback(endpoint::wrong_method)
        .layer(middleware::from_fn_with_state(Arc::new(token), auth::require_token))
        .layer(middleware::from_fn(wire::shape::finish))
        .with_state(api)
}

/// Serves the API until told to stop.
///
/// # Errors
/// Where the listener cannot be used by the reactor.
pub async fn serve(listener: TcpListener, router: Router, stop: Stop) -> io::Result<()> {
    let listener = net::TcpListener::from_std(listener)?;
    let serve = |stream, _| drop(tokio::spawn(connection(stream, router.clone())));
    serve::accept(listener, stop, serve).await;
    Ok(())
}

async fn connection(stream: net::TcpStream, router: Router) {
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move { Ok::<_, Infallible>(answer(router, request.map(Body::new)).await) }
    });
    if serve::first_bytes(&stream).await {
        // The client went away, or sent what is not HTTP and was told so by the library.
        let _ = serve::builder().serve_connection(TokioIo::new(stream), service).await;
    }
}

/// Answers one call.
pub async fn answer(router: Router, request: selvedge::Request) -> selvedge::Response {
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
