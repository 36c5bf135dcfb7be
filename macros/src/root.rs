//! Where an expansion finds the SDK: `::selvedge`, or what `crate = ...` says where the crate is
//! renamed or re-exported.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;

/// The path in front of everything that an expansion names.
#[derive(Clone)]
pub(crate) struct Root(Option<Path>);

impl Root {
    pub(crate) fn new(path: Option<Path>) -> Self {
        Self(path)
    }

    /// The same path, under tokens of the source: what is wrong with what follows is reported there.
    pub(crate) fn at(&self, span: Span) -> TokenStream {
        self.to_token_stream().into_iter().map(|token| moved(token, span)).collect()
    }
}

fn moved(mut token: TokenTree, span: Span) -> TokenTree {
    // `$crate` is found by its own span.
    let kept = matches!(&token, TokenTree::Ident(word) if word == "$crate");
    if !kept {
        token.set_span(span);
    }
    token
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote!(::selvedge)),
        }
    }
}
