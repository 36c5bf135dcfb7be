//! A backend binding as code.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::check::Checked;
use crate::binding;

pub(super) fn expand(checked: &Checked) -> TokenStream {
    let Checked { name, chain_auth, item } = checked;
    let ctx = binding::ctx();
    let chain_auth = match chain_auth {
        Some(stores) => quote!(::core::option::Option::Some(#stores)),
        None => quote!(::core::option::Option::None),
    };
    binding::around_handle(
        item,
        &quote!(::selvedge::__private::backend_need(#name, #chain_auth)),
        &quote!(::selvedge::Backend),
        &quote!(::selvedge::__private::backend(#ctx, #name)),
        Span::call_site(),
    )
}
