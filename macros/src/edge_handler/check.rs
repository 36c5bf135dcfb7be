//! What can be wrong with a handler as a whole. What is wrong with its signature is beside it, in
//! `signature`.

use quote::ToTokens;
use syn::{Ident, LitStr, ReturnType, Type, Visibility};

use super::{parse::Parsed, path, signature};
use crate::{
    args::Args,
    chain::{self, ChainAuth},
    diag::Diag,
};

/// A handler that can be expanded, if no problem was found.
pub(super) struct Checked {
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    pub(super) kind: Kind,
    pub(super) needs: Vec<Type>,
    pub(super) chain_auth: Option<ChainAuth>,
}

/// The two kinds of handler.
pub(super) enum Kind {
    /// `fn app() -> Router`.
    Router,
    /// `async fn` with extractors.
    Function { path: Option<LitStr>, arguments: Vec<Type>, output: ReturnType },
}

pub(super) fn check(parsed: Parsed, diag: &mut Diag) -> Checked {
    let Parsed { mut args, function } = parsed;
    let sig = function.sig;
    no_name(&args, diag);
    signature::check(&sig, diag);
    let kind = match args.flag("router") {
        Some(_) => {
            signature::check_router(&sig, diag);
            no_path(&mut args, diag);
            Kind::Router
        }
        None => {
            let path = args.text("path").map(|(_, path)| path);
            let parameters = path.as_ref().map(|path| parameters(path, diag));
            signature::check_function(&sig, parameters, diag);
            let arguments = signature::types(&sig);
            Kind::Function { path, arguments, output: sig.output }
        }
    };
    let needs = args.types("needs");
    once_each(&needs, diag);
    let chain_auth = args.stores("chain_auth").and_then(|stores| chain::check(stores, diag));
    Checked { vis: function.vis, name: sig.ident, kind, needs, chain_auth }
}

fn no_name(args: &Args, diag: &mut Diag) {
    if let Some(name) = &args.name {
        let hint = "the function's name is the handler's name; a route is `path = \"/...\"`";
        diag.hinted(name, "a handler takes no name", hint);
    }
}

fn no_path(args: &mut Args, diag: &mut Diag) {
    if let Some((word, _)) = args.text("path") {
        diag.error(word, "`path` contradicts `router`: the router has the paths");
    }
}

/// How many parameters the path has; after a problem, as many as anybody wants.
fn parameters(path: &LitStr, diag: &mut Diag) -> usize {
    match path::parameters(&path.value()) {
        Ok(parameters) => parameters,
        Err(problem) => {
            diag.error(path, problem);
            usize::MAX
        }
    }
}

fn once_each(needs: &[Type], diag: &mut Diag) {
    let text = |need: &Type| need.to_token_stream().to_string();
    for (place, need) in needs.iter().enumerate() {
        if needs[..place].iter().any(|before| text(before) == text(need)) {
            diag.error(need, format!("`{}` is listed twice", text(need)));
        }
    }
}
