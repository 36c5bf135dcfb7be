//! What can be wrong with a handler's signature: one small check each.

use syn::{FnArg, PatType, ReturnType, Signature, Type, visit::Visit};

use crate::{diag::Diag, written::bare};

/// As many as axum's handlers and tuples take.
const ARGUMENTS_MAX: usize = 16;

/// Checks what holds for both kinds of handler.
pub(super) fn check(sig: &Signature, diag: &mut Diag) {
    if let Some(FnArg::Receiver(receiver)) = sig.inputs.first() {
        diag.error(receiver, "a handler is a function, not a method");
    }
    if let Some(token) = &sig.unsafety {
        diag.error(token, "a handler is a safe function");
    }
    if let Some(abi) = &sig.abi {
        diag.error(abi, "a handler is a Rust function, not an `extern` one");
    }
    if let Some(token) = &sig.constness {
        diag.error(token, "a handler is not a `const fn`");
    }
    if !sig.generics.params.is_empty() {
        diag.error(&sig.generics, "a handler has no generics: a service is one function");
    } else if let Some(clause) = &sig.generics.where_clause {
        diag.error(clause.where_token, "a handler has no `where` clause");
    }
    if let Some(variadic) = &sig.variadic {
        diag.error(variadic, "a handler has a fixed number of arguments");
    }
}

/// Checks a function that returns a router.
pub(super) fn check_router(sig: &Signature, diag: &mut Diag) {
    if let Some(token) = &sig.asyncness {
        diag.error(token, "a router is made once, at start: write a plain `fn`");
    }
    if typed(sig).next().is_some() {
        let hint = "the router's own handlers take arguments; declare their bindings with \
                    `needs(...)`";
        diag.hinted(&sig.inputs, "a function that makes a router has no arguments", hint);
    }
    if let ReturnType::Default = sig.output {
        diag.error(&sig.ident, "with `router`, the function returns a `Router`");
    }
}

/// Checks a function that handles requests. `parameters` is how many its path has, if it has one.
pub(super) fn check_function(sig: &Signature, parameters: Option<usize>, diag: &mut Diag) {
    for argument in typed(sig) {
        check_argument(argument, parameters, diag);
    }
    if let Some(argument) = typed(sig).nth(ARGUMENTS_MAX) {
        let hint = "take some of them as one tuple, and list the bindings in it with `needs(...)`";
        let what = format!("a handler has at most {ARGUMENTS_MAX} arguments");
        diag.hinted(bare(&argument.ty), what, hint);
    }
}

/// The arguments.
pub(super) fn typed(sig: &Signature) -> impl Iterator<Item = &PatType> {
    sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    })
}

fn check_argument(argument: &PatType, parameters: Option<usize>, diag: &mut Diag) {
    for attr in &argument.attrs {
        if attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr") {
            let hint = "put the condition on the whole function";
            diag.hinted(attr.path(), "an argument of a handler is not conditional", hint);
        }
    }
    if has_impl_trait(&argument.ty) {
        diag.error(bare(&argument.ty), "a handler has no generics: name the type");
    }
    match (last_word(&argument.ty).as_deref(), parameters) {
        (Some("Path"), None) => {
            let hint = "write `#[edge_handler(path = \"/users/{id}\")]`";
            diag.hinted(bare(&argument.ty), "`Path` without a path to take it from", hint);
        }
        (Some("Path"), Some(0)) => {
            diag.error(bare(&argument.ty), "`Path`, but the path has no `{name}` to take");
        }
        _ => {}
    }
}

fn last_word(ty: &Type) -> Option<String> {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// Whether `impl Trait` stands somewhere in a type.
pub(super) fn has_impl_trait(ty: &Type) -> bool {
    struct Finder(bool);
    impl Visit<'_> for Finder {
        fn visit_type_impl_trait(&mut self, _: &syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}
