//! A handler as code: the hidden struct that makes its service.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use selvedge_model::limits;
use syn::{ReturnType, Type, ext::IdentExt};

use super::{
    argument::Argument,
    check::{Checked, Function, Kind, Runs},
    signature::has_impl_trait,
    state::is_state,
};
use crate::{keep, root::Root, written::place};

pub(super) fn expand(checked: &Checked) -> TokenStream {
    let Checked { root, vis, name, kind, chain_auth, state, .. } = checked;
    let service = match kind {
        Kind::Router(output) => router(checked, output),
        Kind::Function(of) => function(checked, of),
    };
    let guard = chain_auth.as_ref().map(|stores| {
        let stores = stores.tokens(root);
        quote!(.require_chain_auth(#stores))
    });
    let state = state.as_ref().map(|state| quote!(<#state>));
    let page = format!("The service of the handler `{}`.", name.unraw());
    let service = quote! {
        #[doc = #page]
        pub fn service() -> #root::Service #state {
            #service #guard
        }
    };
    keep::hidden_struct(vis, name, service)
}

fn router(checked: &Checked, output: &ReturnType) -> TokenStream {
    let Checked { root, name, .. } = checked;
    let text = name.unraw().to_string();
    let (needs, limited) = (listed(checked), limited(checked, &[]));
    let root = root.at(name.span());
    let made = made(name, output);
    quote_spanned! {name.span()=>
        use #root::__private;
        #limited
        __private::router_service(#text, #needs, #made)
    }
}

/// The router, by a function that names its type, so that a wrong one is reported under it.
fn made(name: &Ident, output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) if !has_impl_trait(ty) => {
            quote_spanned!(place(ty)=> __private::router::<#ty, _>(#name()))
        }
        _ => quote_spanned!(name.span()=> __private::router(#name())),
    }
}

/// The function behind its arguments: each is read from the head, the last from the whole request.
fn function(checked: &Checked, of: &Function) -> TokenStream {
    let Checked { root, name, .. } = checked;
    let text = name.unraw().to_string();
    let path = match &of.path {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    let (needs, limited) = (listed(checked), limited(checked, &of.arguments));
    let last = of.arguments.len().saturating_sub(1);
    let given = of.arguments.iter().enumerate();
    let given = given.map(|(place, given)| argument(checked, given, place == last));
    let answer = answer(&of.output);
    let service = match of.runs {
        Runs::Async => quote_spanned!(name.span()=> handler_service),
        Runs::Plain => quote_spanned!(name.span()=> plain_service),
    };
    let arguments = Ident::new("__arguments", Span::mixed_site().located_at(name.span()));
    // Under the name, so that a future that is not `Send` is reported there.
    quote_spanned! {name.span()=>
        use #root::__private::{self, NoNeed as _};
        #limited
        let #arguments = (#(#given,)*);
        __private::#service(#text, #path, #needs, #arguments, #name, #answer)
    }
}

/// An argument: what it needs, and how it is read. What is wrong with its type is reported under it.
fn argument(checked: &Checked, Argument { ty, handle }: &Argument, last: bool) -> TokenStream {
    let at = place(ty);
    let private = quote_spanned!(at=> __private);
    if let Some(handle) = handle {
        return handle.argument(&private, ty);
    }
    let state = checked.state.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let read = match last {
        _ if is_state(ty) => quote_spanned!(at=> state::<#state>()),
        true => quote_spanned!(at=> last::<#state, _>()),
        false => quote_spanned!(at=> part::<#state>()),
    };
    quote_spanned!(at=> #private::NeedOf::<#ty>::ARGUMENT.#read)
}

/// What `needs(...)` lists, which must be bindings.
fn listed(checked: &Checked) -> TokenStream {
    let needs = checked.needs.iter().map(|need| listed_need(&checked.root, need));
    quote!(&[#(#needs),*])
}

fn listed_need(root: &Root, need: &Type) -> TokenStream {
    let root = root.at(place(need));
    quote_spanned!(place(need)=> <#need as #root::Binding>::NEED)
}

/// The limit of links, where there may be more: fewer arguments cannot be too many.
fn limited(checked: &Checked, arguments: &[Argument]) -> Option<TokenStream> {
    let Checked { root, needs, name, .. } = checked;
    if arguments.len() + needs.len() <= limits::LINKS_PER_SERVICE {
        return None;
    }
    let asked = arguments.iter().map(|argument| match (&argument.handle, &argument.ty) {
        (Some(handle), _) => handle.need(root),
        (None, ty) => quote!(#root::__private::NeedOf::<#ty>::ARGUMENT.need()),
    });
    let listed = needs.iter().map(|need| {
        let need = listed_need(root, need);
        quote!(::core::option::Option::Some(#need))
    });
    let root = root.at(name.span());
    Some(quote_spanned! {name.span()=>
        const _: () = #root::__private::within_limits(&[#(#asked,)* #(#listed,)*]);
    })
}

/// Names the return type where it has a name, so that a wrong one is reported there.
fn answer(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) if !has_impl_trait(ty) => {
            quote_spanned!(place(ty)=> __private::answer::<#ty>())
        }
        ReturnType::Type(_, ty) => quote_spanned!(place(ty)=> __private::answer()),
        ReturnType::Default => quote!(__private::answer()),
    }
}
