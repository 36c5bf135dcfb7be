//! Collects what is wrong, so that one compile reports all of it.

use std::fmt::Display;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Error, LitStr};

/// The problems found so far.
#[derive(Default)]
#[must_use]
pub(crate) struct Diag {
    errors: Vec<Error>,
    /// What is only worth a warning, and where.
    warnings: Vec<(Span, String)>,
}

impl Diag {
    /// Reports a problem under these tokens.
    pub(crate) fn error(&mut self, tokens: impl ToTokens, what: impl Display) {
        self.errors.push(Error::new_spanned(tokens, what));
    }

    /// Reports a problem under these tokens, with what to do about it on a line of its own.
    pub(crate) fn hinted(&mut self, tokens: impl ToTokens, what: impl Display, hint: impl Display) {
        self.error(tokens, format!("{what}\nhint: {hint}"));
    }

    /// Reports that something lacks in front of a word; where there is no word, the whole attribute
    /// is all that there is to point at.
    pub(crate) fn lacking(&mut self, before: Option<&Ident>, what: impl Display) {
        let span = before.map_or_else(Span::call_site, Ident::span);
        self.errors.push(Error::new(span, what));
    }

    /// Takes over a problem that syn found.
    pub(crate) fn push(&mut self, error: Error) {
        self.errors.push(error);
    }

    /// Warns under a literal, in a program that may still compile.
    pub(crate) fn warning(&mut self, at: &LitStr, what: String) {
        self.warnings.push((at.span(), what));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.errors.len()
    }

    /// The problems as compile errors; the warnings where there are none, because they are items, which cannot stand
    /// wherever a mistaken attribute may.
    pub(crate) fn into_tokens(self) -> TokenStream {
        if self.errors.is_empty() {
            return self.warnings.iter().map(|(at, what)| warning(*at, what)).collect();
        }
        self.errors.iter().map(Error::to_compile_error).collect()
    }
}

/// Macros cannot warn, but rustc warns of what is deprecated.
fn warning(at: Span, what: &str) -> TokenStream {
    quote_spanned! {at=>
        const _: () = {
            #[deprecated(note = #what)]
            #[allow(non_upper_case_globals)]
            const edge_toml: () = ();
            edge_toml
        };
    }
}
