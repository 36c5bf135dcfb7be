//! The `chain_auth(...)` argument: which two stores chain tokens are made or checked with.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use selvedge_model::name::StoreKind;
use syn::LitStr;

use crate::{args::Stores, diag::Diag, names};

/// The links of both stores.
pub(crate) struct ChainAuth {
    config: LitStr,
    secrets: LitStr,
}

/// Checks the names of both; `None` where one lacks, which was reported when it was read.
pub(crate) fn check(stores: Stores, diag: &mut Diag) -> Option<ChainAuth> {
    let (config, secrets) = (stores.config, stores.secrets);
    if let Some(config) = &config {
        names::link(StoreKind::Config, config, diag);
    }
    if let Some(secrets) = &secrets {
        names::link(StoreKind::Secret, secrets, diag);
    }
    Some(ChainAuth { config: config?, secrets: secrets? })
}

impl ToTokens for ChainAuth {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { config, secrets } = self;
        tokens.extend(quote! {
            ::selvedge::__private::ChainStores { config: #config, secrets: #secrets }
        });
    }
}
