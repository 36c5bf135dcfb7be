//! A handler as written. Of the function only the signature is read; the body is rustc's.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, FnArg, Result, Signature, Visibility, parse::ParseStream, parse::Parser};

use crate::{
    args::{self, Args, Form, Grammar, Word},
    binding::is_binding_macro,
    diag::Diag,
    keep,
};

/// What stands in the source.
pub(super) struct Parsed {
    pub(super) args: Args,
    pub(super) function: Function,
}

/// A function with an unread body.
#[derive(Clone)]
pub(super) struct Function {
    attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) sig: Signature,
    body: TokenStream,
}

const GRAMMAR: Grammar = Grammar {
    name: false,
    words: &[
        Word::new("path", Form::Text),
        Word::new("router", Form::Flag),
        Word::new("needs", Form::Types),
        Word::new("chain_auth", Form::Stores),
        Word::new("state", Form::Type),
        Word::new("crate", Form::Path),
    ],
};

/// Reads arguments and function; both, so that the problems of both are found.
pub(super) fn parse(args: TokenStream, item: TokenStream, diag: &mut Diag) -> Option<Parsed> {
    let args = args::read(args, GRAMMAR, diag);
    match Function::read.parse2(item.clone()) {
        Ok(mut function) => {
            function.only_once(diag);
            if !function.has_body() {
                diag.error(&function.sig.ident, "a handler has a body");
            }
            Some(Parsed { args, function })
        }
        Err(_) => {
            diag.hinted(
                keep::keyword(item),
                "`#[edge_handler]` is for a function",
                "write it on an `async fn` or a plain `fn`",
            );
            None
        }
    }
}

impl Function {
    fn read(input: ParseStream<'_>) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (vis, sig, body) = (input.parse()?, input.parse()?, input.parse()?);
        Ok(Self { attrs, vis, sig, body })
    }

    /// Takes off other macros of this kind, which would make the same things again.
    fn only_once(&mut self, diag: &mut Diag) {
        self.attrs.retain(|attr| {
            let last = attr.path().segments.last();
            let second = last.is_some_and(|last| last.ident == "edge_handler");
            if second {
                diag.error(attr.path(), "a function is one handler; this makes it a second");
            }
            !second
        });
    }

    /// Whether it can be called.
    pub(super) fn has_body(&self) -> bool {
        self.body.to_string() != ";"
    }

    /// The function without macros on its parameters, which rustc would refuse a second time.
    pub(super) fn without_binding_macros(mut self) -> TokenStream {
        for input in &mut self.sig.inputs {
            if let FnArg::Typed(argument) = input {
                argument.attrs.retain(|attr| !is_binding_macro(attr));
            }
        }
        let Self { attrs, vis, sig, body } = self;
        quote!(#(#attrs)* #vis #sig #body)
    }
}
