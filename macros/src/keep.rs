//! What is left of an item when its checks fail: the item itself, and a stand-in for what would
//! have been generated, so that one mistake gives one message.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Visibility, parse::ParseStream, parse::Parser};

use crate::root::Root;

/// The hidden struct of a handler that did not pass; its `service()` never runs, because the
/// program does not compile.
pub(crate) fn handler(root: &Root, vis: &Visibility, name: &Ident) -> TokenStream {
    quote_spanned! {name.span()=>
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {}

        #[allow(dead_code)]
        impl #name {
            #[doc(hidden)]
            pub fn service() -> #root::Service {
                ::core::unreachable!()
            }
        }
    }
}

/// A value of whatever type is wanted, for a field that was refused; never made.
pub(crate) fn value() -> TokenStream {
    quote! {
        match ::core::option::Option::None {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => ::core::unreachable!(),
        }
    }
}

/// The first word of an item of the wrong kind, behind its attributes and visibility.
pub(crate) fn keyword(item: TokenStream) -> TokenStream {
    let after = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<TokenStream>()
    };
    let rest = after.parse2(item).unwrap_or_default();
    rest.into_iter().next().map(ToTokens::into_token_stream).unwrap_or_default()
}
