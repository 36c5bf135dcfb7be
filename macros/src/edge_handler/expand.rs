//! A handler as code: the hidden struct that makes its service.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use selvedge_model::limits;
use syn::{ReturnType, ext::IdentExt, spanned::Spanned};

use super::{
    argument::Argument,
    check::{Checked, Function, Kind, Runs},
    signature::has_impl_trait,
};
use crate::root::Root;

pub(super) fn expand(checked: &Checked) -> TokenStream {
    let Checked { root, vis, name, kind, chain_auth, state, .. } = checked;
    let service = match kind {
        Kind::Router => router(checked),
        Kind::Function(of) => function(checked, of),
    };
    let guard = chain_auth.as_ref().map(|stores| {
        let stores = stores.tokens(root);
        quote!(.require_chain_auth(#stores))
    });
    let state = state.as_ref().map(|state| quote!(<#state>));
    let page = format!("The service of the handler `{}`.", name.unraw());
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {}

        #[allow(dead_code)]
        impl #name {
            #[doc = #page]
            pub fn service() -> #root::Service #state {
                #service #guard
            }
        }
    }
}

fn router(checked: &Checked) -> TokenStream {
    let Checked { root, name, .. } = checked;
    let text = name.unraw().to_string();
    let needs = all_needs(checked, &[]);
    let root = root.at(name.span());
    // Under the name, so that a wrong return type is reported there.
    quote_spanned! {name.span()=> #root::__private::router_service(#text, #needs, #name()) }
}

fn function(checked: &Checked, of: &Function) -> TokenStream {
    let Checked { root, name, .. } = checked;
    let text = name.unraw().to_string();
    let path = match &of.path {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    let needs = all_needs(checked, &of.arguments);
    let closure = closure(checked, of);
    let root = root.at(name.span());
    // Under the name, so that a future that is not `Send` is reported there.
    quote_spanned! {name.span()=>
        #root::__private::handler_service(#text, #path, #needs, #closure)
    }
}

/// Arguments are asked whether they are bindings; what is listed must be one.
fn all_needs(checked: &Checked, arguments: &[Argument]) -> TokenStream {
    let Checked { root, needs, name, .. } = checked;
    let asked = arguments.iter().map(|argument| match (&argument.handle, &argument.ty) {
        (Some(handle), _) => handle.need(root),
        (None, ty) => quote!(#root::__private::NeedOf::<#ty>::NEED),
    });
    let listed = needs.iter().map(|need| {
        let root = root.at(need.span());
        quote_spanned! {need.span()=>
            ::core::option::Option::Some(<#need as #root::Binding>::NEED)
        }
    });
    // Fewer cannot be too many.
    let limited = (arguments.len() + needs.len() > limits::LINKS_PER_SERVICE).then(|| {
        let root = root.at(name.span());
        quote_spanned!(name.span()=> const _: () = #root::__private::within_limits(NEEDS);)
    });
    quote! {{
        #[allow(unused_imports)]
        use #root::__private::NoNeed as _;
        const NEEDS: &[::core::option::Option<#root::__private::Need>] = &[#(#asked,)* #(#listed,)*];
        #limited
        #root::__private::collect(NEEDS)
    }}
}

/// The function behind its extractors: each from the head, the last from the whole request.
fn closure(checked: &Checked, of: &Function) -> TokenStream {
    let Checked { root, name, state, .. } = checked;
    let at = name.span();
    let [request, shared, arrived] = ["request", "state", "arrived"].map(|text| local(text, at));
    let state = state.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let names: Vec<Ident> =
        (0..of.arguments.len()).map(|place| local(&format!("arg_{place}"), at)).collect();
    let extract = of.arguments.iter().zip(&names).enumerate().map(|(place, (argument, name))| {
        let last = place + 1 == names.len();
        let value = extract(checked, argument, last);
        quote_spanned!(argument.ty.span()=> let #name = #value?;)
    });
    let (before, run) = run(root, name, &names, of);
    let (answer, root) = (answer(root, &of.output), root.at(at));
    let ok = quote!(::core::result::Result::<_, #root::Response>::Ok);
    quote_spanned! {at=>
        |#request: #root::Request, #shared: #state| async move {
            #[allow(unused_mut, unused_variables)]
            let mut #arrived = #root::__private::Arrived::new(#request, #shared);
            #before
            #(#extract)*
            #ok(#answer(#run))
        }
    }
}

/// A name of ours, even where a macro of the user's wrote the function.
fn local(text: &str, at: Span) -> Ident {
    Ident::new(text, Span::mixed_site().located_at(at))
}

fn extract(checked: &Checked, Argument { ty, handle }: &Argument, last: bool) -> TokenStream {
    let Checked { root, state, .. } = checked;
    let arrived = local("arrived", ty.span());
    let state = state.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let at = root.at(ty.span());
    match handle {
        Some(handle) => {
            let (marker, name) = (handle.marker(root), &handle.name);
            quote_spanned!(ty.span()=> #at::__private::handle::<#ty, #marker>(&#arrived, #name))
        }
        None if last => quote_spanned! {ty.span()=>
            #at::__private::last::<#ty, #state, _>(#arrived).await
        },
        None => quote_spanned! {ty.span()=>
            #at::__private::part::<#ty, #state>(&mut #arrived).await
        },
    }
}

/// The call, and what it takes from the request before the extractors do.
fn run(root: &Root, name: &Ident, names: &[Ident], of: &Function) -> (TokenStream, TokenStream) {
    let at = root.at(name.span());
    let call = quote_spanned!(name.span()=> #name(#(#names),*));
    match of.runs {
        Runs::Async => (TokenStream::new(), quote_spanned!(name.span()=> #call.await)),
        Runs::Plain => {
            let [ctx, arrived] = ["ctx", "arrived"].map(|text| local(text, name.span()));
            let run = quote_spanned! {name.span()=>
                #at::__private::plain(#ctx, move || #call).await?
            };
            (quote!(let #ctx = #arrived.ctx();), run)
        }
    }
}

/// Names the return type where it has a name, so that a wrong one is reported there.
fn answer(root: &Root, output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) if !has_impl_trait(ty) => {
            let root = root.at(ty.span());
            quote_spanned!(ty.span()=> #root::__private::answer::<#ty>)
        }
        _ => quote!(#root::__private::answer),
    }
}
