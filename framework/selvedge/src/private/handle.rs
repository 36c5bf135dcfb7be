//! Handles as arguments: `#[kv_store("users")] users: KvStore`.

use super::{
    Opened,
    need::{backend_need, chain_stores, store_need},
};
use crate::{
    Backend, Ctx,
    model::{
        name::StoreKind,
        need::{ChainStores, Need},
    },
    store::{
        acl::Acl,
        config::ConfigStore,
        kv::{Codec, KvStore},
        secret::SecretStore,
    },
};

/// What `#[kv_store]` gives an argument.
pub struct OfKv(());
/// What `#[config_store]` gives an argument.
pub struct OfConfig(());
/// What `#[secret_store]` gives an argument.
pub struct OfSecrets(());
/// What `#[acl]` gives an argument.
pub struct OfAcl(());
/// What `#[backend]` gives an argument.
pub struct OfBackend(());

impl OfKv {
    /// What the argument needs.
    #[must_use]
    pub const fn need(link: &'static str) -> Option<Need> {
        Some(store_need(StoreKind::Kv, link))
    }

    /// The argument.
    #[must_use]
    pub fn argument<T: Handle<Self>>(link: &'static str) -> Opened<T> {
        Opened::handle::<Self>(store_need(StoreKind::Kv, link))
    }
}

impl OfConfig {
    /// What the argument needs.
    #[must_use]
    pub const fn need(link: &'static str) -> Option<Need> {
        Some(store_need(StoreKind::Config, link))
    }

    /// The argument.
    #[must_use]
    pub fn argument<T: Handle<Self>>(link: &'static str) -> Opened<T> {
        Opened::handle::<Self>(store_need(StoreKind::Config, link))
    }
}

impl OfSecrets {
    /// What the argument needs.
    #[must_use]
    pub const fn need(link: &'static str) -> Option<Need> {
        Some(store_need(StoreKind::Secret, link))
    }

    /// The argument.
    #[must_use]
    pub fn argument<T: Handle<Self>>(link: &'static str) -> Opened<T> {
        Opened::handle::<Self>(store_need(StoreKind::Secret, link))
    }
}

impl OfAcl {
    /// What the argument needs.
    #[must_use]
    pub const fn need(link: &'static str) -> Option<Need> {
        Some(store_need(StoreKind::Acl, link))
    }

    /// The argument.
    #[must_use]
    pub fn argument<T: Handle<Self>>(link: &'static str) -> Opened<T> {
        Opened::handle::<Self>(store_need(StoreKind::Acl, link))
    }
}

impl OfBackend {
    /// What the argument needs.
    #[must_use]
    pub const fn need(name: &'static str, chain_auth: Option<ChainStores>) -> Option<Need> {
        Some(backend_need(name, chain_auth))
    }

    /// The argument.
    #[must_use]
    pub fn argument<T: Handle<Self>>(name: &'static str) -> Opened<T> {
        Opened::handle::<Self>(backend_need(name, None))
    }

    /// The argument, where requests carry chain tokens of these two stores.
    #[must_use]
    pub fn signed<T: Handle<Self>>(
        name: &'static str,
        config: &'static str,
        secrets: &'static str,
    ) -> Opened<T> {
        Opened::handle::<Self>(backend_need(name, Some(chain_stores(config, secrets))))
    }
}

/// The type of an argument under a binding macro.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what the macro in front of this argument gives",
    label = "another type of handle",
    note = "`#[kv_store]` gives a `KvStore` (`KvStore<Json<User>>`), `#[config_store]` a \
            `ConfigStore`, `#[secret_store]` a `SecretStore`, `#[acl]` an `Acl`, `#[backend]` a \
            `Backend`"
)]
pub trait Handle<Kind>: Sized {
    /// Opens the handle on the host of a request.
    fn open(ctx: &Ctx, name: &'static str) -> Self;
}

impl<C: Codec, F> Handle<OfKv> for KvStore<C, F> {
    fn open(ctx: &Ctx, name: &'static str) -> Self {
        Self::open(ctx, name)
    }
}

impl Handle<OfConfig> for ConfigStore {
    fn open(ctx: &Ctx, name: &'static str) -> Self {
        Self::open(ctx, name)
    }
}

impl Handle<OfSecrets> for SecretStore {
    fn open(ctx: &Ctx, name: &'static str) -> Self {
        Self::open(ctx, name)
    }
}

impl Handle<OfAcl> for Acl {
    fn open(ctx: &Ctx, name: &'static str) -> Self {
        Self::open(ctx, name)
    }
}

impl Handle<OfBackend> for Backend {
    fn open(ctx: &Ctx, name: &'static str) -> Self {
        Self::open(ctx, name)
    }
}
