//! What can be wrong with a backend binding.

use proc_macro2::Span;
use syn::LitStr;

use super::parse::Parsed;
use crate::{
    args::Args,
    binding::{self, Struct},
    chain::{self, ChainAuth},
    diag::Diag,
    manifest::{EdgeToml, Scope},
    root::Root,
};

/// A binding that can be expanded.
pub(super) struct Checked {
    pub(super) root: Root,
    pub(super) name: LitStr,
    pub(super) chain_auth: Option<ChainAuth>,
    pub(super) item: Struct,
}

pub(super) fn check(parsed: Parsed, edge_toml: &EdgeToml, diag: &mut Diag) -> Checked {
    let Parsed { mut args, item } = parsed;
    let root = args.root();
    let name = name(&args, edge_toml, diag);
    let chain_auth = args
        .stores("chain_auth")
        .and_then(|stores| chain::check(stores, edge_toml, Scope::One, diag));
    binding::no_fields(&item, "a backend binding", diag);
    Checked { root, name, chain_auth, item }
}

fn name(args: &Args, edge_toml: &EdgeToml, diag: &mut Diag) -> LitStr {
    if let Some(name) = &args.name {
        edge_toml.backend(name, Scope::One, diag);
        return name.clone();
    }
    if !args.named {
        diag.lacking(
            args.first.as_ref(),
            "the backend's name is missing\nhint: write `#[backend(\"...\")]`",
        );
    }
    LitStr::new("", Span::call_site())
}
