//! What can be wrong with a handler as a whole. What is wrong with its signature is beside it, in
//! `signature`.

use quote::ToTokens;
use syn::{Ident, LitStr, ReturnType, Signature, Type, Visibility, ext::IdentExt};

use super::{
    argument::{self, Argument},
    parse::Parsed,
    path, signature, state,
};
use crate::{
    args::Args,
    chain::{self, ChainAuth},
    diag::Diag,
    manifest::{EdgeToml, Scope},
    root::Root,
};

/// A handler that can be expanded, if no problem was found.
pub(super) struct Checked {
    pub(super) root: Root,
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    pub(super) kind: Kind,
    /// What the service still lacks, where it takes state.
    pub(super) state: Option<Type>,
    pub(super) needs: Vec<Type>,
    pub(super) chain_auth: Option<ChainAuth>,
}

/// The two kinds of handler.
pub(super) enum Kind {
    /// `fn app() -> Router`, with what it returns.
    Router(ReturnType),
    /// A function with extractors.
    Function(Function),
}

/// A function that handles requests.
pub(super) struct Function {
    pub(super) path: Option<LitStr>,
    pub(super) arguments: Vec<Argument>,
    pub(super) output: ReturnType,
    pub(super) runs: Runs,
}

/// Where a function runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs {
    /// `async fn`: on the reactor.
    Async,
    /// Plain `fn`: where it may block.
    Plain,
}

pub(super) fn check(parsed: Parsed, edge_toml: &EdgeToml, diag: &mut Diag) -> Checked {
    let Parsed { mut args, function } = parsed;
    let (root, sig) = (args.root(), function.sig);
    let name = sig.ident.unraw().to_string();
    let scope = Scope::Of(&name);
    no_name(&args, diag);
    signature::check(&sig, diag);
    let kind = match args.flag("router") {
        Some(_) => {
            signature::check_router(&sig, diag);
            no_path(&mut args, diag);
            Kind::Router(sig.output.clone())
        }
        None => {
            let path = args.text("path").map(|(_, path)| path);
            let parameters = path.as_ref().map(|path| parameters(path, diag));
            signature::check_function(&sig, parameters, diag);
            let arguments: Vec<Argument> = signature::typed(&sig)
                .map(|argument| argument::read(argument, edge_toml, scope, diag))
                .collect();
            argument::once_each(&arguments, diag);
            let (output, runs) = (sig.output.clone(), runs(&sig));
            Kind::Function(Function { path, arguments, output, runs })
        }
    };
    let state = args.ty("state").or_else(|| match &kind {
        Kind::Router(output) => state::of_router(output),
        Kind::Function(function) => state::of_arguments(&function.arguments, diag),
    });
    let needs = args.types("needs");
    once_each(&needs, diag);
    let chain_auth =
        args.stores("chain_auth").and_then(|stores| chain::check(stores, edge_toml, scope, diag));
    Checked { root, vis: function.vis, name: sig.ident, kind, state, needs, chain_auth }
}

fn runs(sig: &Signature) -> Runs {
    match sig.asyncness {
        Some(_) => Runs::Async,
        None => Runs::Plain,
    }
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
