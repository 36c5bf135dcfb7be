//! Collects what is wrong, so that one compile reports all of it.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
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

    /// Reports a problem that has no token: something lacks.
    pub(crate) fn lacking(&mut self, what: impl Display) {
        self.0.push(Error::new(Span::call_site(), what));
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
