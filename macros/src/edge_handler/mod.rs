//! `#[edge_handler]`: a function becomes a service.

mod argument;
mod check;
mod expand;
mod parse;
mod path;
mod signature;
mod state;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{diag::Diag, keep, manifest::EdgeToml};

/// The attribute on its item.
pub(crate) fn attribute(args: TokenStream, item: TokenStream, edge_toml: &EdgeToml) -> TokenStream {
    let mut diag = Diag::default();
    let Some(parsed) = parse::parse(args, item.clone(), &mut diag) else {
        let errors = diag.into_tokens();
        return quote!(#errors #item);
    };
    let function = parsed.function.clone();
    let checked = check::check(parsed, edge_toml, &mut diag);
    let generated = if function.sig.receiver().is_some() || !function.has_body() {
        // It stands inside an `impl` or a `trait`, where neither struct nor constant can stand.
        TokenStream::new()
    } else {
        let service = match diag.is_empty() {
            true => expand::expand(&checked),
            false => keep::handler(&checked.root, &function.vis, &function.sig.ident),
        };
        let tracked = edge_toml.tracked();
        quote!(#service #tracked)
    };
    let errors = diag.into_tokens();
    let kept = function.without_binding_macros();
    quote!(#errors #kept #generated)
}
