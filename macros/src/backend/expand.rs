//! A backend binding as code.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::check::Checked;
use crate::{binding, chain};

pub(super) fn expand(checked: &Checked) -> TokenStream {
    let Checked { root, name, chain_auth, item } = checked;
    let ctx = binding::ctx();
    let chain_auth = chain::signing(chain_auth.as_ref(), root);
    binding::around_handle(
        root,
        item,
        &quote!(#root::__private::backend_need(#name, #chain_auth)),
        &quote!(#root::Backend),
        &quote!(#root::__private::backend(#ctx, #name)),
        Span::call_site(),
    )
}
