//! A store binding as code.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use selvedge_model::name::StoreKind;
use syn::{Expr, ExprLit, Lit, LitStr, ext::IdentExt, spanned::Spanned};

use super::check::{Checked, Forms, Item, Shape};
use crate::{binding, keep, root::Root};

pub(super) fn expand(checked: &Checked) -> TokenStream {
    let Checked { root, kind, link, item, shape } = checked;
    let need = need(root, *kind, link);
    let ctx = binding::ctx();
    match shape {
        Shape::Kv(Forms { codec, key, place: None }) => binding::around_handle(
            root,
            item,
            &need,
            &quote!(#root::store::kv::KvStore<#codec, #key>),
            &quote!(#root::__private::kv(#ctx, #link)),
            Span::call_site(),
        ),
        Shape::Kv(Forms { codec, key, place: Some(place) }) => {
            let root_there = root.at(*place);
            binding::around_handle(
                root,
                item,
                &need,
                // Where the source names the codec, so that one that is none is reported there.
                &quote_spanned!(*place=> #root_there::store::kv::KvStore<#codec, #key>),
                &quote_spanned!(*place=> #root_there::__private::kv(#ctx, #link)),
                *place,
            )
        }
        Shape::Handle if *kind == StoreKind::Config => binding::around_handle(
            root,
            item,
            &need,
            &quote!(#root::store::config::ConfigStore),
            &quote!(#root::__private::config(#ctx, #link)),
            Span::call_site(),
        ),
        Shape::Handle if *kind == StoreKind::Acl => binding::around_handle(
            root,
            item,
            &need,
            &quote!(#root::store::acl::Acl),
            &quote!(#root::__private::acl(#ctx, #link)),
            Span::call_site(),
        ),
        Shape::Handle => binding::around_handle(
            root,
            item,
            &need,
            &quote!(#root::store::secret::SecretStore),
            &quote!(#root::__private::secrets(#ctx, #link)),
            Span::call_site(),
        ),
        Shape::Items(items) => with_items(checked, items, &need),
    }
}

fn need(root: &Root, kind: StoreKind, link: &LitStr) -> TokenStream {
    let kind = match kind {
        StoreKind::Kv => quote!(Kv),
        StoreKind::Config => quote!(Config),
        StoreKind::Secret => quote!(Secret),
        StoreKind::Acl => quote!(Acl),
    };
    quote!(#root::__private::store_need(#root::__private::StoreKind::#kind, #link))
}

/// The struct as it was, without our attributes, and a way to read each field.
fn with_items(checked: &Checked, items: &[Item], need: &TokenStream) -> TokenStream {
    let binding::Struct { attrs, vis, name, .. } = &checked.item;
    let fields = items.iter().map(|item| &item.field);
    let reads = items.iter().map(|item| read(checked, item));
    let root = &checked.root;
    // In one place, so that a crate that is not there is reported once.
    let private = (!items.is_empty()).then(|| quote!(use #root::__private;));
    let bind = quote!({ #private Self { #(#reads),* } });
    let binding = binding::binding(root, name, need, &bind);
    quote! {
        #(#attrs)*
        #vis struct #name {
            #(#fields),*
        }

        #binding
    }
}

fn read(checked: &Checked, item: &Item) -> TokenStream {
    let link = &checked.link;
    let (name, ty) = (&item.name, &item.field.ty);
    let key = name.unraw().to_string();
    let ctx = binding::ctx();
    if !item.readable {
        let value = keep::value();
        return quote!(#name: #value);
    }
    match (&item.default, checked.kind) {
        (_, StoreKind::Secret) => {
            quote_spanned!(ty.span()=> #name: __private::secret_item(#ctx, #link, #key)?)
        }
        (Some(default), _) => {
            let default = default_value(default);
            quote_spanned! {ty.span()=>
                #name: __private::config_item_or::<#ty>(#ctx, #link, #key, || #default)?
            }
        }
        (None, _) => quote_spanned! {ty.span()=>
            #name: __private::config_item::<#ty>(#ctx, #link, #key)?
        },
    }
}

/// A text literal may stand for an owned text.
fn default_value(default: &Expr) -> TokenStream {
    match default {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            quote!(::core::convert::Into::into(#text))
        }
        other => quote!(#other),
    }
}
