//! A handler as code: the hidden struct that makes its service.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{LitStr, ReturnType, Type, ext::IdentExt, spanned::Spanned};

use super::{
    check::{Checked, Kind},
    signature::has_impl_trait,
};

pub(super) fn expand(checked: &Checked) -> TokenStream {
    let Checked { vis, name, kind, needs, chain_auth } = checked;
    let service = match kind {
        Kind::Router => router(name, needs),
        Kind::Function { path, arguments, output } => {
            function(name, path.as_ref(), arguments, output, needs)
        }
    };
    let guard = chain_auth.as_ref().map(|stores| quote!(.require_chain_auth(#stores)));
    let page = format!("The service of the handler `{}`.", name.unraw());
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {}

        #[allow(dead_code)]
        impl #name {
            #[doc = #page]
            pub fn service() -> ::selvedge::Service {
                #service #guard
            }
        }
    }
}

fn router(name: &Ident, needs: &[Type]) -> TokenStream {
    let text = name.unraw().to_string();
    let needs = all_needs(&[], needs);
    // Under the name, so that a wrong return type is reported there.
    quote_spanned! {name.span()=> ::selvedge::__private::router_service(#text, #needs, #name()) }
}

fn function(
    name: &Ident,
    path: Option<&LitStr>,
    arguments: &[Type],
    output: &ReturnType,
    needs: &[Type],
) -> TokenStream {
    let text = name.unraw().to_string();
    let path = match path {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    let needs = all_needs(arguments, needs);
    let closure = closure(name, arguments, output);
    // Under the name, so that a future that is not `Send` is reported there.
    quote_spanned! {name.span()=>
        ::selvedge::__private::handler_service(#text, #path, #needs, #closure)
    }
}

/// Arguments are asked whether they are bindings; what is listed must be one.
fn all_needs(arguments: &[Type], listed: &[Type]) -> TokenStream {
    let listed = listed.iter().map(|need| {
        quote_spanned! {need.span()=>
            ::core::option::Option::Some(<#need as ::selvedge::Binding>::NEED)
        }
    });
    quote! {{
        #[allow(unused_imports)]
        use ::selvedge::__private::NoNeed as _;
        ::selvedge::__private::collect(&[
            #(::selvedge::__private::NeedOf::<#arguments>::NEED,)*
            #(#listed,)*
        ])
    }}
}

/// The function behind its extractors: each from the head, the last from the whole request.
fn closure(name: &Ident, arguments: &[Type], output: &ReturnType) -> TokenStream {
    let local = |text: &str| Ident::new(text, Span::mixed_site());
    let (request, head, body) = (local("request"), local("head"), local("body"));
    let names: Vec<Ident> = (0..arguments.len())
        .map(|place| format_ident!("argument_{place}", span = Span::mixed_site()))
        .collect();
    let answer = answer(output);
    let done = quote!(::core::result::Result::<_, ::selvedge::Response>::Ok);
    let Some((last, parts)) = arguments.split_last() else {
        return quote_spanned! {name.span()=>
            |_: ::selvedge::Request| async move {
                #done(#answer(#name().await))
            }
        };
    };
    let extract_parts = parts.iter().zip(&names).map(|(ty, name)| {
        quote_spanned! {ty.span()=>
            let #name = ::selvedge::__private::part::<#ty>(&mut #head).await?;
        }
    });
    let extract_last = names.last().map(|name| {
        quote_spanned! {last.span()=>
            let #name = ::selvedge::__private::last::<#last, _>(#head, #body).await?;
        }
    });
    quote_spanned! {name.span()=>
        |#request: ::selvedge::Request| async move {
            #[allow(unused_mut)]
            let (mut #head, #body) = #request.into_parts();
            #(#extract_parts)*
            #extract_last
            #done(#answer(#name(#(#names),*).await))
        }
    }
}

/// Names the return type where it has a name, so that a wrong one is reported there.
fn answer(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) if !has_impl_trait(ty) => {
            quote_spanned!(ty.span()=> ::selvedge::__private::answer::<#ty>)
        }
        _ => quote!(::selvedge::__private::answer),
    }
}
