//! What macro expansions call. Not for people: names here change with any version.
//!
//! An expansion only names things and puts them in order; whatever decides something is here,
//! where it is compiled once, tested and readable.

mod extract;
mod need;
mod read;

pub use axum::extract::FromRequestParts;
pub use http::request::Parts;
pub use selvedge_model::{
    name::StoreKind,
    need::{ChainStores, Need, NeedKind},
};

pub use extract::{Answer, Last, Part, answer, bind, last, part};
pub use need::{NeedOf, NoNeed, backend_need, collect, store_need};
pub use read::{ConfigValue, config_item, config_item_or, secret_item};

use axum::Router;
use http::{HeaderMap, HeaderValue, header::Entry};

use crate::{
    Backend, Ctx, Request, Response, Service,
    store::{
        config::ConfigStore,
        kv::{Codec, KvStore},
        secret::SecretStore,
    },
};

/// The chain tokens that came with a request, taken out of its headers before a handler runs.
///
/// Opaque: a handler that finds it in the request's extensions can read nothing from it.
#[derive(Clone, Default)]
pub struct InboundToken(Vec<HeaderValue>);

impl InboundToken {
    /// Removes every `Edge-Auth` header and keeps the values.
    pub fn take_from(headers: &mut HeaderMap) -> Self {
        let Entry::Occupied(lines) = headers.entry(crate::chain::EDGE_AUTH) else {
            return Self::default();
        };
        Self(lines.remove_entry_mult().1.collect())
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(HeaderValue::as_bytes)
    }
}

/// The service of a handler function: one route, or every path. `handler` is the function with
/// its arguments extracted.
pub fn handler_service<Answering>(
    name: &'static str,
    path: Option<&'static str>,
    needs: Vec<Need>,
    handler: impl Fn(Request) -> Answering + Clone + Send + Sync + 'static,
) -> Service
where
    Answering: Future<Output = Result<Response, Response>> + Send + 'static,
{
    let router = match path {
        Some(path) => Router::new().route(path, axum::routing::any(handler)),
        None => Router::new().fallback(handler),
    };
    Service::new(name, router, needs)
}

/// The service of a function that returns a router.
#[must_use]
pub fn router_service(name: &'static str, needs: Vec<Need>, router: Router) -> Service {
    Service::new(name, router, needs)
}

/// The handle in a KV store binding.
#[must_use]
pub fn kv<C: Codec>(ctx: &Ctx, link: &'static str) -> KvStore<C> {
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

/// The handle in a backend binding.
#[must_use]
pub fn backend(ctx: &Ctx, name: &'static str) -> Backend {
    Backend::open(ctx, name)
}
