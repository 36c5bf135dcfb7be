//! A backend binding as written.

use proc_macro2::TokenStream;

use crate::{
    args::{self, Args, Form, Grammar, Word},
    binding::{self, Struct},
    diag::Diag,
};

/// What stands in the source.
pub(super) struct Parsed {
    pub(super) args: Args,
    pub(super) item: Struct,
}

const GRAMMAR: Grammar = Grammar { name: true, words: &WORDS };
const WORDS: [Word; 2] = [Word::new("chain_auth", Form::Stores), Word::new("crate", Form::Path)];

/// Reads arguments and item; both, so that the problems of both are found.
pub(super) fn parse(args: TokenStream, item: TokenStream, diag: &mut Diag) -> Option<Parsed> {
    let args = args::read(args, GRAMMAR, diag);
    let item = binding::parse("backend", item, diag)?;
    Some(Parsed { args, item })
}
