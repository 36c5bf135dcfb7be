//! What macro expansions call. Not for people: names here change with any version.
//!
//! An expansion only names things and puts them in order; whatever decides something is here,
//! where it is compiled once, tested and readable.

mod argument;
mod arguments;
mod choose;
mod complete;
mod extract;
mod handle;
mod need;
mod read;
mod service;

pub use axum::extract::FromRequestParts;
pub use http::request::Parts;
pub use selvedge_model::{name::StoreKind, need::Need};

pub use crate::chain::InboundToken;
pub use argument::{
    Argument, Extracted, ExtractedLast, ExtractedPart, LastArgument, Opened, OpenedLast,
};
pub use arguments::{Arguments, Call};
pub use choose::chosen;
pub use complete::{NoState, RunsAlone, alone};
pub use extract::{Answer, Arrived, Last, OfState, Part, answer, bind};
pub use handle::{Handle, OfAcl, OfBackend, OfConfig, OfKv, OfSecrets};
pub use need::{NeedOf, NoNeed, backend_need, chain_stores, store_need, within_limits};
pub use read::{ConfigValue, config_item, config_item_or, secret_item};
pub use service::{Routes, handler_service, plain_service, router, router_service};

use crate::{
    Backend, Ctx,
    store::{
        acl::Acl,
        config::ConfigStore,
        kv::{Codec, KvStore},
        secret::SecretStore,
    },
};

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
