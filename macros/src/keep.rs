//! What is left of an item when its checks fail: the item itself, and a stand-in for what would
//! have been generated, so that one mistake gives one message.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Visibility, parse::ParseStream, parse::Parser};

use crate::root::Root;

/// The hidden struct of a handler that did not pass; its `service()` never runs, because the
/// program does not compile.
pub(crate) fn handler(root: &Root, vis: &Visibility, name: &Ident) -> TokenStream {
    let service = quote! {
        #[doc(hidden)]
        pub fn service() -> #root::Service {
            ::core::unreachable!()
        }
    };
    hidden_struct(vis, name, service)
}

/// The hidden struct of a handler. Its outside lies under the name, where another thing may have it, or where no struct can
/// stand; the inside is nobody's source, so that no lint of the user's looks at it.
pub(crate) fn hidden_struct(vis: &Visibility, name: &Ident, inside: TokenStream) -> TokenStream {
    let mut inside = Group::new(Delimiter::Brace, inside);
    inside.set_span(name.span());
    quote_spanned! {name.span()=>
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {}

        #[allow(dead_code, unused_imports)]
        impl #name #inside
    }
}

/// A value of whatever type is wanted, for a field that was refused; never made.
pub(crate) fn value() -> TokenStream {
    quote! {
        match ::core::option::Option::None {
            ::core::option::Option::Some(__value) => __value,
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
