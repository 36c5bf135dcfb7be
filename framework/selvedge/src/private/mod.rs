//! What macro expansions call. Not for people: names here change with any version.
//!
//! An expansion only names things and puts them in order; whatever decides something is here,
//! where it is compiled once, tested and readable.

mod choose;
mod extract;
mod handle;
mod need;
mod read;

pub use axum::Router;
pub use axum::extract::FromRequestParts;
pub use http::request::Parts;
pub use selvedge_model::{
    name::StoreKind,
    need::{ChainStores, Need, NeedKind},
};

pub use crate::chain::InboundToken;
pub use choose::chosen;
pub use extract::{Answer, Arrived, Last, Part, answer, bind, handle, last, part, plain};
pub use handle::{Handle, OfAcl, OfBackend, OfConfig, OfKv, OfSecrets};
pub use need::{NeedOf, NoNeed, backend_need, collect, store_need, within_limits};
pub use read::{ConfigValue, config_item, config_item_or, secret_item};

use axum::extract::State;

use crate::{
    Backend, Ctx, Request, Response, Service,
    store::{
        acl::Acl,
        config::ConfigStore,
        kv::{Codec, KvStore},
        secret::SecretStore,
    },
};

/// The service of a handler function: one route, or every path. `handler` is the function with
/// its arguments extracted.
pub fn handler_service<S, Answering>(
    name: &'static str,
    path: Option<&'static str>,
    needs: Vec<Need>,
    handler: impl Fn(Request, S) -> Answering + Clone + Send + Sync + 'static,
) -> Service<S>
where
    S: Clone + Send + Sync + 'static,
    Answering: Future<Output = Result<Response, Response>> + Send + 'static,
{
    let handler = move |State(state): State<S>, request: Request| handler(request, state);
    let router = match path {
        Some(path) => Router::new().route(path, axum::routing::any(handler)),
        None => Router::new().fallback(handler),
    };
    Service::new(name, router, needs)
}

/// The service of a function that returns a router.
#[must_use]
pub fn router_service<S: Clone + Send + Sync + 'static>(
    name: &'static str,
    needs: Vec<Need>,
    router: Router<S>,
) -> Service<S> {
    Service::new(name, router, needs)
}

/// The handle in a KV store binding.
#[must_use]
pub fn kv<C: Codec, F>(ctx: &Ctx, link: &'static str) -> KvStore<C, F> {
    KvStore::open(ctx, link)
}

/// The handle in a config store binding without fields.
#[must_use]
pub fn config(ctx: &Ctx, link: &'static str) -> ConfigStore {
    ConfigStore::open(ctx, link)
}

/// The handle in a secret store binding without fields.
#[must_use]
pub fn secrets(ctx: &Ctx, link: &'static str) -> SecretStore {
    SecretStore::open(ctx, link)
}

/// The handle in an ACL binding.
#[must_use]
pub fn acl(ctx: &Ctx, link: &'static str) -> Acl {
    Acl::open(ctx, link)
}

/// The handle in a backend binding.
#[must_use]
pub fn backend(ctx: &Ctx, name: &'static str) -> Backend {
    Backend::open(ctx, name)
}
