//! Purging through the management API (platform.md section 8): by URL, by surrogate key, by many of
//! them, and everything.
//!
//! A service is known by its id, else by its name, and needs no active version. `Fastly-Soft-Purge` with any value makes a purge soft, except
//! that of everything, which is hard whatever the header says. There is no staging environment, and
//! a purge that is meant for one is refused, so that it does not happen to what is live.

mod batch;
mod url;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::State,
    middleware,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, Uri};
use selvedge_model::key::SurrogateKey;

use super::{
    Api,
    endpoint::endpoints,
    wire::{self, At, Failed},
};
use crate::{
    purge::{What, done, done_without_id, mode, purge, purge_all, purge_keys},
    world::{Cached, World},
};

const ENVIRONMENT: HeaderName = HeaderName::from_static("fastly-purge-environment");

/// More than as many keys as there may be need, in the longest form that JSON has for them.
const BODY_MAX: usize = 2 * 1024 * 1024;

type Result<T, E = Failed> = std::result::Result<T, E>;

endpoints! {
    POST "/purge/{*url}" by_url;
    POST "/service/{service}/purge" by_keys;
    POST "/service/{service}/purge/{*key}" by_key;
    POST "/service/{service}/purge_all" everything;
}

/// The endpoints with the check that every purge has.
pub(super) fn checked_routes() -> Router<Api> {
    routes().route_layer(middleware::from_fn(only_live))
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
    At((name, key)): At<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let cached = cached(&world, &name)?;
    let key = SurrogateKey::new(key).map_err(|error| Failed::bad_request(error.to_string()))?;
    Ok(done(&purge_keys(&world, &cached, &[key], mode(&headers))))
}

/// `POST /service/{service}/purge`.
async fn by_keys(
    State(world): State<Arc<World>>,
    At(name): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let cached = cached(&world, &name)?;
    let body = wire::body::read(body, BODY_MAX).await?;
    let keys = batch::keys(&headers, &body)?;
    let purged = purge_keys(&world, &cached, &keys, mode(&headers));
    Ok(batch::done(&keys, &purged))
}

/// `POST /service/{service}/purge_all`.
async fn everything(State(world): State<Arc<World>>, At(name): At<String>) -> Result<Response> {
    Ok(done_without_id(&purge_all(&world, &cached(&world, &name)?)))
}

/// What a service has cached, by its id, else by its name.
fn cached(world: &World, id_or_name: &str) -> Result<Cached> {
    let account = world.account.now();
    let known: Vec<&str> = account.services().map(|service| service.name.as_str()).collect();
    match account.service(id_or_name) {
        Ok(service) => Ok(world.cached(&service.id)),
        Err(_) => Err(Failed::no_such("service", id_or_name, known)),
    }
}

/// Refuses what is not meant for what is live.
async fn only_live(request: axum::extract::Request, next: middleware::Next) -> Response {
    let environment = request.headers().get(ENVIRONMENT);
    match environment.is_none_or(|name| name.as_bytes().eq_ignore_ascii_case(b"production")) {
        true => next.run(request).await,
        false => {
            let detail = "there is no environment but `production` here; nothing was purged";
            Failed::bad_request(detail).into_response()
        }
    }
}
