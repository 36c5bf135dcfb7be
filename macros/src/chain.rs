//! The `chain_auth(...)` argument: which two stores chain tokens are made or checked with.

use proc_macro2::TokenStream;
use quote::quote;
use selvedge_model::name::StoreKind;
use syn::LitStr;

use crate::{
    args::Stores,
    diag::Diag,
    manifest::{EdgeToml, Scope},
    root::Root,
};

/// The links of both stores.
pub(crate) struct ChainAuth {
    config: LitStr,
    secrets: LitStr,
}

/// Checks the names of both; `None` where one lacks, which was reported when it was read.
pub(crate) fn check(
    stores: Stores,
    edge_toml: &EdgeToml,
    scope: Scope<'_>,
    diag: &mut Diag,
) -> Option<ChainAuth> {
    let (config, secrets) = (stores.config, stores.secrets);
    if let Some(config) = &config {
        edge_toml.link(StoreKind::Config, config, scope, diag);
    }
    if let Some(secrets) = &secrets {
        edge_toml.link(StoreKind::Secret, secrets, scope, diag);
    }
    Some(ChainAuth { config: config?, secrets: secrets? })
}

impl ChainAuth {
    /// The stores as a constant.
    pub(crate) fn tokens(&self, root: &Root) -> TokenStream {
        let Self { config, secrets } = self;
        quote!(#root::__private::chain_stores(#config, #secrets))
    }

    /// Their names: config store, secret store.
    pub(crate) fn names(&self) -> (&LitStr, &LitStr) {
        (&self.config, &self.secrets)
    }
}

/// What a backend binding says of its stores.
pub(crate) fn signing(stores: Option<&ChainAuth>, root: &Root) -> TokenStream {
    match stores.map(|stores| stores.tokens(root)) {
        Some(stores) => quote!(::core::option::Option::Some(#stores)),
        None => quote!(::core::option::Option::None),
    }
}
