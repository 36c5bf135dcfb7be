//! A store binding as written.

use proc_macro2::TokenStream;
use selvedge_model::name::StoreKind;

use crate::{
    args::{self, Args, Form, Grammar, Word},
    binding::{self, Struct},
    diag::Diag,
};

/// What stands in the source.
pub(super) struct Parsed {
    pub(super) kind: StoreKind,
    pub(super) args: Args,
    pub(super) item: Struct,
}

const ROOT: Word = Word::new("crate", Form::Path);
const KV: Grammar = Grammar {
    name: true,
    words: &[Word::new("value", Form::Type), Word::new("key", Form::Type), ROOT],
};
const OTHERS: Grammar = Grammar { name: true, words: &[ROOT] };

/// Reads arguments and item; both, so that the problems of both are found.
pub(super) fn parse(
    kind: StoreKind,
    args: TokenStream,
    item: TokenStream,
    diag: &mut Diag,
) -> Option<Parsed> {
    let grammar = match kind {
        StoreKind::Kv => KV,
        StoreKind::Config | StoreKind::Secret | StoreKind::Acl => OTHERS,
    };
    let args = args::read(args, grammar, diag);
    let item = binding::parse(kind.as_str(), item, diag)?;
    Some(Parsed { kind, args, item })
}
