//! What can be wrong with a store binding. The result is always complete: what was refused has
//! a stand-in, so that the rest of the file is still checked.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use selvedge_model::name::StoreKind;
use syn::{Attribute, Expr, Field, LitStr, Meta, Type, spanned::Spanned};

use super::parse::Parsed;
use crate::{
    args::{self, Args, Form, Grammar, Word},
    binding::{self, Struct},
    diag::Diag,
    manifest::{EdgeToml, Scope},
    root::Root,
};

/// A binding that can be expanded.
pub(super) struct Checked {
    pub(super) root: Root,
    pub(super) kind: StoreKind,
    pub(super) link: LitStr,
    pub(super) item: Struct,
    pub(super) shape: Shape,
}

/// What the struct holds.
pub(super) enum Shape {
    /// A handle on a KV store, with its forms.
    Kv(Forms),
    /// A handle on a config store, a secret store or an ACL.
    Handle,
    /// Fields of its own.
    Items(Vec<Item>),
}

/// The forms of values and keys, with where the source names that of values.
pub(super) struct Forms {
    pub(super) codec: TokenStream,
    pub(super) key: TokenStream,
    pub(super) place: Option<Span>,
}

/// A field that is read from the store.
pub(super) struct Item {
    /// The field without our attribute.
    pub(super) field: Field,
    pub(super) name: Ident,
    pub(super) default: Option<Expr>,
    /// Whether its type is one that can be read.
    pub(super) readable: bool,
}

pub(super) fn check(parsed: Parsed, edge_toml: &EdgeToml, diag: &mut Diag) -> Checked {
    let Parsed { kind, mut args, mut item } = parsed;
    let root = args.root();
    let link = link(kind, &args, edge_toml, diag);
    let shape = match (kind, item.fields.take()) {
        (StoreKind::Kv, fields) => {
            item.fields = fields;
            binding::no_fields(&item, "a KV store binding", diag);
            Shape::Kv(forms(&root, &mut args))
        }
        (StoreKind::Acl, fields) => {
            item.fields = fields;
            binding::no_fields(&item, "an ACL binding", diag);
            Shape::Handle
        }
        (_, None) => Shape::Handle,
        (_, Some(fields)) => {
            Shape::Items(fields.into_iter().filter_map(|field| entry(kind, field, diag)).collect())
        }
    };
    Checked { root, kind, link, item, shape }
}

fn link(kind: StoreKind, args: &Args, edge_toml: &EdgeToml, diag: &mut Diag) -> LitStr {
    if let Some(name) = &args.name {
        edge_toml.link(kind, name, Scope::One, diag);
        return name.clone();
    }
    if !args.named {
        let what = format!("the link's name is missing\nhint: write `#[{kind}(\"...\")]`");
        diag.lacking(args.first.as_ref(), what);
    }
    LitStr::new("", Span::call_site())
}

fn forms(root: &Root, args: &mut Args) -> Forms {
    let (value, key) = (args.ty("value"), args.ty("key"));
    let place = value.as_ref().map(Spanned::span);
    Forms {
        codec: value.map_or_else(|| quote!(#root::store::kv::Raw), |codec| quote!(#codec)),
        key: match key {
            Some(key) => quote!(#root::store::kv::Typed<#key>),
            None => quote!(#root::store::kv::AnyKey),
        },
        place,
    }
}

fn entry(kind: StoreKind, mut field: Field, diag: &mut Diag) -> Option<Item> {
    let name = field.ident.clone()?;
    for attr in field.attrs.iter().filter(|attr| is_condition(attr)) {
        let hint = "put the condition on the whole struct";
        diag.hinted(attr.path(), "a field of a binding is not conditional", hint);
    }
    let readable = kind != StoreKind::Secret || check_secret(&field.ty, diag);
    let (ours, others) = field.attrs.into_iter().partition(|attr| attr.path().is_ident("config"));
    field.attrs = others;
    field.attrs.retain(|attr| !is_condition(attr));
    let default = default(kind, ours, diag);
    Some(Item { field, name, default, readable })
}

/// Whether rustc decides after us if there is such a field.
fn is_condition(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg")
}

/// By name, because an alias of `Secret` would only hide that the field is one.
fn check_secret(ty: &Type, diag: &mut Diag) -> bool {
    let last = match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    let secret = last.is_some_and(|last| last.ident == "Secret");
    if !secret {
        diag.error(ty, "a field of a secret store binding has the type `Secret`");
    }
    secret
}

const CONFIG: Grammar = Grammar { name: false, words: &[Word::new("default", Form::Expr)] };

fn default(kind: StoreKind, attrs: Vec<Attribute>, diag: &mut Diag) -> Option<Expr> {
    let mut default = None;
    for attr in attrs {
        if kind != StoreKind::Config {
            diag.error(attr.path(), "a secret has no default: it is in the store or it is missing");
            continue;
        }
        if default.is_some() {
            diag.error(attr.path(), "`config` is given twice");
        }
        match attr.meta {
            Meta::List(list) => {
                default = args::read(list.tokens, CONFIG, diag).expr("default").or(default);
            }
            other => diag.error(other.path(), "write `#[config(default = ...)]`"),
        }
    }
    default
}
