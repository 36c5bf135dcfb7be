//! The management API on its own listener. Every request needs the token.
//!
//! What it may say no to is in the account (`selvedge-account`) and in the store engines; here is only the wire: paths,
//! bodies, fields, statuses (platform.md sections 1 to 3 and 8).

mod account;
mod acl;
mod auth;
mod config;
mod endpoint;
mod kv;
mod links;
mod port;
mod purge;
mod secret;
mod services;
mod shelves;
mod store;
mod wire;
mod writes;

use std::sync::Arc;

use axum::{Router, extract::FromRef, middleware};
use futures_util::TryFutureExt;
use http_body::Body as _;
use selvedge::{
    Body,
    store::{kv::KvRoom, secret::Secret},
};
use selvedge_account::Account;
use selvedge_model::limits::API_WRITES_PER_HOUR;
use tokio::sync::Mutex;
use tower::ServiceExt;

pub use self::{
    endpoint::{ENDPOINTS, Endpoint},
    port::{Port, serve, serve_stream},
};
use self::{secret::ClientKeys, wire::Failed, writes::Writes};
use crate::{
    account::LiveAccount,
    clock::Clock,
    stores::kv::KvEngine,
    world::{World, Worlds},
};

/// What endpoints work on; clones share it.
#[derive(Clone)]
struct Api {
    worlds: Arc<Worlds>,
    account: Arc<LiveAccount>,
    kv: Arc<dyn KvEngine>,
    clock: Arc<dyn Clock>,
    writes: Arc<Writes>,
    /// Most writes of an hour.
    writes_per_hour: u64,
    keys: Arc<ClientKeys>,
    /// Held while a KV store is being deleted.
    deleting: Arc<Mutex<()>>,
}

impl Api {
    fn of(worlds: Arc<Worlds>, writes_per_hour: u64) -> Self {
        let world = worlds.now();
        Self {
            worlds,
            account: Arc::clone(&world.account),
            kv: Arc::clone(&world.kv),
            clock: Arc::clone(&world.clock),
            writes: Arc::default(),
            writes_per_hour,
            keys: Arc::default(),
            deleting: Arc::default(),
        }
    }

    fn account(&self) -> Arc<Account> {
        self.account.now()
    }

    fn live(&self) -> &Arc<LiveAccount> {
        &self.account
    }

    fn kv(&self) -> &dyn KvEngine {
        &*self.kv
    }

    fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Room for a body, of which no more than so many bytes are held at once.
    fn room<'a>(
        &'a self,
        body: &Body,
        most: usize,
    ) -> impl Future<Output = Result<KvRoom, Failed>> + use<'a> {
        let told = body.size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
        let bytes = told.map_or(most, |bytes| bytes.min(most));
        self.kv.under_way().room(bytes, &*self.clock).map_err(Failed::from)
    }
}

/// What is served at the moment of the call.
impl FromRef<Api> for Arc<World> {
    fn from_ref(api: &Api) -> Self {
        api.worlds.now()
    }
}

/// The API's endpoints.
pub fn router(worlds: Arc<Worlds>, token: Secret) -> Router {
    router_within(worlds, token, API_WRITES_PER_HOUR)
}

/// The same for so many writes an hour.
pub fn router_within(worlds: Arc<Worlds>, token: Secret, writes_per_hour: u64) -> Router {
    let api = Api::of(worlds, writes_per_hour);
    let counted = middleware::from_fn_with_state(api.clone(), writes::counted);
    endpoint::routes()
        .route_layer(counted)
        .merge(purge::checked_routes())
        .route_layer(middleware::from_fn(endpoint::known_parameters))
        .fallback(endpoint::no_such)
        .method_not_allowed_fallback(endpoint::wrong_method)
        .layer(middleware::from_fn_with_state(Arc::new(token), auth::require_token))
        .layer(middleware::from_fn(wire::shape::finish))
        .with_state(api)
}

/// Answers one call.
pub async fn answer(router: Router, request: selvedge::Request) -> selvedge::Response {
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
