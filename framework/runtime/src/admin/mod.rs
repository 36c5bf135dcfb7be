//! The management API on its own listener. Every request needs the token.

mod account;
mod auth;
mod legacy;
mod purge;

use std::{convert::Infallible, io, net::TcpListener, sync::Arc};

use axum::{Router, extract::FromRef, middleware, routing::get};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use selvedge::{Body, store::secret::Secret};
use tokio::net;
use tower::ServiceExt;

use self::legacy::LegacyError;
use crate::{
    serve::{self, Stop},
    world::{World, Worlds},
};

/// What endpoints are about: the world of the moment.
#[derive(Clone)]
struct Served(Arc<Worlds>);

impl FromRef<Served> for Arc<World> {
    fn from_ref(served: &Served) -> Self {
        served.0.now()
    }
}

/// The API's endpoints.
pub fn router(worlds: Arc<Worlds>, token: Secret) -> Router {
    Router::new()
        .route("/account", get(account::show))
        .merge(purge::routes())
        .fallback(no_such_endpoint)
        .layer(middleware::from_fn_with_state(Arc::new(token), auth::require_token))
        .with_state(Served(worlds))
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

/// Says what there is.
async fn no_such_endpoint() -> LegacyError {
    LegacyError::not_found(
        "there are `GET /account`, `POST /purge/HOST/PATH`, `POST /service/NAME/purge`, \
         `POST /service/NAME/purge/KEY` and `POST /service/NAME/purge_all`",
    )
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
