//! Collects what is wrong, so that one compile reports all of it.

use std::fmt::Display;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// The problems found so far.
#[derive(Default)]
#[must_use]
pub(crate) struct Diag(Vec<Error>);

impl Diag {
    /// Reports a problem under these tokens.
    pub(crate) fn error(&mut self, tokens: impl ToTokens, what: impl Display) {
        self.0.push(Error::new_spanned(tokens, what));
    }

    /// Reports a problem under these tokens, with what to do about it on a line of its own.
    pub(crate) fn hinted(&mut self, tokens: impl ToTokens, what: impl Display, hint: impl Display) {
        self.error(tokens, format!("{what}\nhint: {hint}"));
    }

    /// Reports that something lacks in front of a word; where there is no word, the whole attribute
    /// is all that there is to point at.
    pub(crate) fn lacking(&mut self, before: Option<&Ident>, what: impl Display) {
        let span = before.map_or_else(Span::call_site, Ident::span);
        self.0.push(Error::new(span, what));
    }

    /// Takes over a problem that syn found.
    pub(crate) fn push(&mut self, error: Error) {
        self.0.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The problems as compile errors.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(Error::to_compile_error).collect()
    }
}
