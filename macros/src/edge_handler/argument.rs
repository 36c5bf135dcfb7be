//! One argument of a handler: an extractor, or a handle under a binding macro of its own.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use selvedge_model::name::StoreKind;
use syn::{Attribute, LitStr, Meta, PatType, Type};

use crate::{
    args::{self, Args, Form, Grammar, Word},
    binding::is_binding_macro,
    chain::{self, ChainAuth},
    diag::Diag,
    manifest::{EdgeToml, Scope},
    root::Root,
    written::{bare, place},
};

/// An argument.
pub(super) struct Argument {
    pub(super) ty: Type,
    pub(super) handle: Option<Handle>,
}

/// What a binding macro in front of an argument says.
pub(super) struct Handle {
    pub(super) kind: Kind,
    pub(super) name: LitStr,
    chain_auth: Option<ChainAuth>,
}

/// What is bound.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Store(StoreKind),
    Backend,
}

const STORE: Grammar = Grammar { name: true, words: &[] };
const BACKEND: Grammar = Grammar { name: true, words: &[Word::new("chain_auth", Form::Stores)] };

/// Reads an argument; a macro in front of it that does not pass leaves an extractor.
pub(super) fn read(
    argument: &PatType,
    edge_toml: &EdgeToml,
    scope: Scope<'_>,
    diag: &mut Diag,
) -> Argument {
    let mut macros = argument.attrs.iter().filter(|attr| is_binding_macro(attr));
    let handle = macros.next().and_then(|attr| handle(attr, edge_toml, scope, diag));
    for second in macros {
        diag.error(second.path(), "an argument is one binding; this is its second");
    }
    Argument { ty: bare(&argument.ty).clone(), handle }
}

fn handle(
    attr: &Attribute,
    edge_toml: &EdgeToml,
    scope: Scope<'_>,
    diag: &mut Diag,
) -> Option<Handle> {
    let kind = kind(attr)?;
    let grammar = if kind == Kind::Backend { BACKEND } else { STORE };
    let tokens = match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    let mut args = args::read(tokens, grammar, diag);
    let name = name(attr, &args, diag)?;
    match kind {
        Kind::Store(kind) => edge_toml.link(kind, &name, scope, diag),
        Kind::Backend => edge_toml.backend(&name, scope, diag),
    }
    let chain_auth =
        args.stores("chain_auth").and_then(|stores| chain::check(stores, edge_toml, scope, diag));
    Some(Handle { kind, name, chain_auth })
}

fn kind(attr: &Attribute) -> Option<Kind> {
    let last = attr.path().segments.last()?;
    match last.ident.to_string().as_str() {
        "kv_store" => Some(Kind::Store(StoreKind::Kv)),
        "config_store" => Some(Kind::Store(StoreKind::Config)),
        "secret_store" => Some(Kind::Store(StoreKind::Secret)),
        "acl" => Some(Kind::Store(StoreKind::Acl)),
        "backend" => Some(Kind::Backend),
        _ => None,
    }
}

fn name(attr: &Attribute, args: &Args, diag: &mut Diag) -> Option<LitStr> {
    if args.name.is_none() && !args.named {
        let hint = "write it in parentheses: `(\"...\")`";
        diag.hinted(attr.path(), "the name of what is bound is missing", hint);
    }
    args.name.clone()
}

/// Refuses a second handle on the same thing, which the first one could be cloned for.
pub(super) fn once_each(arguments: &[Argument], diag: &mut Diag) {
    let handles: Vec<&Handle> = arguments.iter().filter_map(|one| one.handle.as_ref()).collect();
    for (place, handle) in handles.iter().enumerate() {
        let same = |before: &&Handle| {
            before.kind == handle.kind && before.name.value() == handle.name.value()
        };
        if handles[..place].iter().any(same) {
            diag.error(&handle.name, format!("`{}` is bound twice", handle.name.value()));
        }
    }
}

impl Handle {
    /// What the service must provide.
    pub(super) fn need(&self, root: &Root) -> TokenStream {
        let (marker, name) = (self.marker(&quote!(#root::__private)), &self.name);
        match self.kind {
            Kind::Backend => {
                let signing = chain::signing(self.chain_auth.as_ref(), root);
                quote!(#marker::need(#name, #signing))
            }
            Kind::Store(_) => quote!(#marker::need(#name)),
        }
    }

    /// The argument. That its type is no such handle is reported under it.
    pub(super) fn argument(&self, private: &TokenStream, ty: &Type) -> TokenStream {
        let (marker, name) = (self.marker(private), &self.name);
        match &self.chain_auth {
            Some(stores) => {
                let (config, secrets) = stores.names();
                quote_spanned!(place(ty)=> #marker::signed::<#ty>(#name, #config, #secrets))
            }
            None => quote_spanned!(place(ty)=> #marker::argument::<#ty>(#name)),
        }
    }

    /// The marker of what the macro gives.
    fn marker(&self, private: &TokenStream) -> TokenStream {
        match self.kind {
            Kind::Store(StoreKind::Kv) => quote!(#private::OfKv),
            Kind::Store(StoreKind::Config) => quote!(#private::OfConfig),
            Kind::Store(StoreKind::Secret) => quote!(#private::OfSecrets),
            Kind::Store(StoreKind::Acl) => quote!(#private::OfAcl),
            Kind::Backend => quote!(#private::OfBackend),
        }
    }
}
