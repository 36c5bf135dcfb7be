//! What can be wrong with a backend binding.

use proc_macro2::Span;
use syn::LitStr;

use super::parse::Parsed;
use crate::{
    args::Args,
    binding::{self, Struct},
    chain::{self, ChainAuth},
    diag::Diag,
    names,
};

/// A binding that can be expanded.
pub(super) struct Checked {
    pub(super) name: LitStr,
    pub(super) chain_auth: Option<ChainAuth>,
    pub(super) item: Struct,
}

pub(super) fn check(parsed: Parsed, diag: &mut Diag) -> Checked {
    let Parsed { mut args, item } = parsed;
    let name = name(&args, diag);
    let chain_auth = args.stores("chain_auth").and_then(|stores| chain::check(stores, diag));
    binding::no_fields(&item, "a backend binding", diag);
    Checked { name, chain_auth, item }
}

fn name(args: &Args, diag: &mut Diag) -> LitStr {
    if let Some(name) = &args.name {
        names::backend(name, diag);
        return name.clone();
    }
    if !args.named {
        diag.lacking("the backend's name is missing\nhint: write `#[backend(\"...\")]`");
    }
    LitStr::new("", Span::call_site())
}
