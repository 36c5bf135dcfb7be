//! The management API on its own listener. Every request needs the token.

mod account;
mod auth;

use std::{convert::Infallible, io, net::TcpListener, sync::Arc};

use axum::{Router, middleware, routing::get};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use selvedge::{Body, store::secret::Secret};
use tokio::net;
use tower::ServiceExt;

use crate::{
    serve::{self, Stop},
    world::World,
};

/// The API's endpoints.
pub fn router(world: Arc<World>, token: Secret) -> Router {
    Router::new()
        .route("/account", get(account::show))
        .fallback(auth::no_such_endpoint)
        .layer(middleware::from_fn_with_state(Arc::new(token), auth::require_token))
        .with_state(world)
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
        async move { Ok::<_, Infallible>(answer(router, request).await) }
    });
    if serve::first_bytes(&stream).await {
        // The client went away, or sent what is not HTTP and was told so by the library.
        let _ = serve::builder().serve_connection(TokioIo::new(stream), service).await;
    }
}

async fn answer(router: Router, request: Request<Incoming>) -> selvedge::Response {
    match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
