//! `#[edge_handler]`: a function becomes a service.

mod check;
mod expand;
mod parse;
mod path;
mod signature;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{diag::Diag, keep};

/// The attribute on its item.
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let Some(parsed) = parse::parse(args, item.clone(), &mut diag) else {
        let errors = diag.into_tokens();
        return quote!(#errors #item);
    };
    let function = parsed.function.clone();
    let checked = check::check(parsed, &mut diag);
    let generated = if diag.is_empty() {
        expand::expand(&checked)
    } else if function.sig.receiver().is_some() {
        // A method stands inside an `impl`, where no struct can stand.
        TokenStream::new()
    } else {
        keep::handler(&function.vis, &function.sig.ident)
    };
    let errors = diag.into_tokens();
    let kept = function.without_binding_macros();
    quote!(#errors #kept #generated)
}
