//! `#[kv_store]`, `#[config_store]`, `#[secret_store]`, `#[acl]`: a link becomes a typed binding.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;
use selvedge_model::name::StoreKind;

use crate::{diag::Diag, manifest::EdgeToml};

/// The attribute on its item.
pub(crate) fn attribute(
    kind: StoreKind,
    args: TokenStream,
    item: TokenStream,
    edge_toml: &EdgeToml,
) -> TokenStream {
    let mut diag = Diag::default();
    let expansion = match parse::parse(kind, args, item.clone(), &mut diag) {
        Some(parsed) => expand::expand(&check::check(parsed, edge_toml, &mut diag)),
        None => item,
    };
    let (errors, tracked) = (diag.into_tokens(), edge_toml.tracked());
    quote!(#errors #expansion #tracked)
}
