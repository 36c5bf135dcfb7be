//! Binding structs: what stores and backends have in common.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Field, Fields, ItemStruct, Visibility};

use crate::{diag::Diag, keep, root::Root};

/// A struct that can be a binding.
pub(crate) struct Struct {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    /// None for `struct Users;`.
    pub(crate) fields: Option<Vec<Field>>,
}

const BINDINGS: [&str; 5] = ["kv_store", "config_store", "secret_store", "acl", "backend"];

/// Whether an attribute is one of the binding macros.
pub(crate) fn is_binding_macro(attr: &Attribute) -> bool {
    let last = attr.path().segments.last();
    last.is_some_and(|last| BINDINGS.iter().any(|name| last.ident == name))
}

/// Reads the item under a binding macro; `None` where it cannot be a binding.
pub(crate) fn parse(macro_name: &str, item: TokenStream, diag: &mut Diag) -> Option<Struct> {
    let what = format!("`#[{macro_name}]` is for a struct");
    let hint = format!("write `#[{macro_name}(\"...\")] struct Name;`");
    match syn::parse2(item.clone()) {
        Ok(item) => from_struct(item, &what, &hint, diag),
        Err(_) => {
            diag.hinted(keep::keyword(item), what, hint);
            None
        }
    }
}

fn from_struct(item: ItemStruct, what: &str, hint: &str, diag: &mut Diag) -> Option<Struct> {
    if !item.generics.params.is_empty() {
        diag.error(&item.generics, "a binding is one thing: its struct has no generics");
        return None;
    }
    let fields = match item.fields {
        Fields::Unit => None,
        Fields::Named(fields) => Some(fields.named.into_iter().collect()),
        Fields::Unnamed(fields) => {
            diag.hinted(fields, format!("{what} without fields in parentheses"), hint);
            return None;
        }
    };
    let (others, attrs): (Vec<_>, _) = item.attrs.into_iter().partition(is_binding_macro);
    for other in others {
        diag.error(other.path(), "a struct is one binding; this is its second");
    }
    Some(Struct { attrs, vis: item.vis, name: item.ident, fields })
}

/// Refuses fields on a binding that has none.
pub(crate) fn no_fields(item: &Struct, what: &str, diag: &mut Diag) {
    if let Some(field) = item.fields.iter().flatten().next() {
        let hint = format!("write `struct {};`", item.name);
        diag.hinted(field, format!("{what} has no fields"), hint);
    }
}

/// A struct around a handle, which it derefs to. `place` is where the source chooses the handle's
/// type: what is wrong with the type is reported there, once.
pub(crate) fn around_handle(
    root: &Root,
    item: &Struct,
    need: &TokenStream,
    handle: &TokenStream,
    open: &TokenStream,
    place: Span,
) -> TokenStream {
    let Struct { attrs, vis, name, .. } = item;
    let bind = quote!(Self { handle: #open });
    let binding = binding(root, name, need, &bind);
    let deref = quote_spanned! {place=>
        impl ::core::ops::Deref for #name {
            type Target = #handle;

            fn deref(&self) -> &Self::Target {
                &self.handle
            }
        }
    };
    quote! {
        #(#attrs)*
        #vis struct #name {
            handle: #handle,
        }

        #deref
        #binding
    }
}

/// The name of the context where a binding is made; no name of the user's, even in a macro, and not that of a constant.
pub(crate) fn ctx() -> Ident {
    Ident::new("__ctx", Span::mixed_site())
}

/// The impls of every binding. `bind` is the value, where [`ctx`] is the context and `?` is allowed.
pub(crate) fn binding(
    root: &Root,
    name: &Ident,
    need: &impl ToTokens,
    bind: &TokenStream,
) -> TokenStream {
    let ctx = ctx();
    quote! {
        impl #root::Binding for #name {
            const NEED: #root::__private::Need = #need;

            fn bind(#ctx: &#root::Ctx) -> #root::Result<Self> {
                ::core::result::Result::Ok(#bind)
            }
        }

        // A type of the user's may have any plain name, and this one is in front of it.
        impl<__S: ::core::marker::Send + ::core::marker::Sync>
            #root::__private::FromRequestParts<__S> for #name
        {
            type Rejection = #root::Error;

            async fn from_request_parts(
                __head: &mut #root::__private::Parts,
                _: &__S,
            ) -> #root::Result<Self> {
                #root::__private::bind(__head)
            }
        }
    }
}
