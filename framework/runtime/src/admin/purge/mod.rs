//! Purging through the management API (platform.md section 8): by URL, by surrogate key, by many of
//! them, and everything.
//!
//! A service is known by its name. `Fastly-Soft-Purge` with any value makes a purge soft, except
//! that of everything, which is hard whatever the header says. There is no staging environment, and
//! a purge that is meant for one is refused, so that it does not happen to what is live.

mod batch;
mod url;

use std::sync::Arc;

use axum::{
    Router,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    middleware,
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Uri};
use selvedge_cache::purge::PurgeMode;
use selvedge_model::key::SurrogateKey;

use super::{Served, legacy::LegacyError};
use crate::{
    purge::{What, done, done_without_id, mode, purge},
    world::{Service, World},
};

const ENVIRONMENT: HeaderName = HeaderName::from_static("fastly-purge-environment");

type Result<T, E = LegacyError> = std::result::Result<T, E>;

/// The endpoints.
pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/purge/{*url}", post(by_url))
        .route("/service/{service}/purge", post(by_keys))
        .route("/service/{service}/purge/{*key}", post(by_key))
        .route("/service/{service}/purge_all", post(everything))
        .method_not_allowed_fallback(async || LegacyError::method_not_allowed())
        .route_layer(middleware::from_fn(only_live))
}

/// `POST /purge/{host}/{path}`.
async fn by_url(State(world): State<Arc<World>>, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let (host, target) = url::of(&uri)?;
    let service = world.service_for_host(&host).ok_or_else(|| url::unknown(&world, &host))?;
    let what = What::Url { host, target };
    Ok(done(&purge(&world, service, &what, mode(&headers))))
}

/// `POST /service/{service}/purge/{key}`.
async fn by_key(
    State(world): State<Arc<World>>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    let Path((name, key)) = path.map_err(unreadable)?;
    let service = service(&world, &name)?;
    let key =
        SurrogateKey::new(key).map_err(|error| LegacyError::bad_request(error.to_string()))?;
    Ok(done(&purge(&world, service, &What::Keys(vec![key]), mode(&headers))))
}

/// `POST /service/{service}/purge`.
async fn by_keys(
    State(world): State<Arc<World>>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response> {
    let Path(name) = path.map_err(unreadable)?;
    let service = service(&world, &name)?;
    let body = body.map_err(|error| LegacyError::bad_request(error.body_text()))?;
    let keys = batch::keys(&headers, &body)?;
    let purged = purge(&world, service, &What::Keys(keys.clone()), mode(&headers));
    Ok(batch::done(&keys, &purged))
}

/// `POST /service/{service}/purge_all`.
async fn everything(
    State(world): State<Arc<World>>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response> {
    let Path(name) = path.map_err(unreadable)?;
    let service = service(&world, &name)?;
    Ok(done_without_id(&purge(&world, service, &What::All, PurgeMode::Hard)))
}

fn service<'w>(world: &'w World, name: &str) -> Result<&'w Service> {
    let known = || world.services.keys().map(|name| name.as_str());
    let found = world.services.get(name).map(Arc::as_ref);
    found.ok_or_else(|| LegacyError::no_such("service", name, known()))
}

fn unreadable(error: PathRejection) -> LegacyError {
    LegacyError::bad_request(error.body_text())
}

/// Refuses what is not meant for what is live.
async fn only_live(request: axum::extract::Request, next: middleware::Next) -> Response {
    let environment = request.headers().get(ENVIRONMENT);
    match environment.is_none_or(|name| name.as_bytes().eq_ignore_ascii_case(b"production")) {
        true => next.run(request).await,
        false => {
            let detail = "there is no environment but `production` here; nothing was purged";
            LegacyError::bad_request(detail).into_response()
        }
    }
}
