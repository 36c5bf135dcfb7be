//! The arguments of a macro: a name first, then words with values. Reads all of them, whatever
//! is wrong with one, and knows them from a table.

mod read;

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitStr, Path, Type, parse::ParseStream, parse::Parser};

use crate::{diag::Diag, root::Root};

/// The form of a value.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// `word = "text"`
    Text,
    /// `word = Type`
    Type,
    /// `word = expression`
    Expr,
    /// `word(Type, Type)`
    Types,
    /// `word(config = "text", secrets = "text")`
    Stores,
    /// `word = some::path`
    Path,
    /// `word`
    Flag,
}

/// A word that a macro knows.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
}

impl Word {
    pub(crate) const fn new(name: &'static str, form: Form) -> Self {
        Self { name, form }
    }
}

/// A value as read.
enum Value {
    Text(LitStr),
    Type(Type),
    Expr(Expr),
    Types(Vec<Type>),
    Stores(Stores),
    Path(Path),
    Flag,
}

/// The links of a chain-auth argument.
pub(crate) struct Stores {
    pub(crate) config: Option<LitStr>,
    pub(crate) secrets: Option<LitStr>,
}

/// The arguments of one macro call.
#[derive(Default)]
pub(crate) struct Args {
    /// The literal without a word, where it is a text.
    pub(crate) name: Option<LitStr>,
    /// Whether there was a literal without a word, text or not.
    pub(crate) named: bool,
    /// The first word, which is where a name is missing.
    pub(crate) first: Option<Ident>,
    values: Vec<(Ident, Value)>,
}

/// What a macro takes.
#[derive(Clone, Copy)]
pub(crate) struct Grammar {
    /// Whether a name comes first.
    pub(crate) name: bool,
    pub(crate) words: &'static [Word],
}

/// Reads arguments by a table of words.
pub(crate) fn read(tokens: TokenStream, grammar: Grammar, diag: &mut Diag) -> Args {
    let read = |input: ParseStream<'_>| Ok(read::read_all(input, grammar, diag));
    // Reading never fails as a whole; every problem is in `diag`.
    read.parse2(tokens).unwrap_or_default()
}

impl Args {
    /// Takes the text of a word, with the word.
    pub(crate) fn text(&mut self, word: &str) -> Option<(Ident, LitStr)> {
        self.take(word, |value| match value {
            Value::Text(text) => Some(text),
            _ => None,
        })
    }

    /// Takes the type of a word.
    pub(crate) fn ty(&mut self, word: &str) -> Option<Type> {
        let taken = self.take(word, |value| match value {
            Value::Type(ty) => Some(ty),
            _ => None,
        });
        taken.map(|(_, ty)| ty)
    }

    /// Takes the expression of a word.
    pub(crate) fn expr(&mut self, word: &str) -> Option<Expr> {
        let taken = self.take(word, |value| match value {
            Value::Expr(expr) => Some(expr),
            _ => None,
        });
        taken.map(|(_, expr)| expr)
    }

    /// Takes the types of a word.
    pub(crate) fn types(&mut self, word: &str) -> Vec<Type> {
        let taken = self.take(word, |value| match value {
            Value::Types(types) => Some(types),
            _ => None,
        });
        taken.map(|(_, types)| types).unwrap_or_default()
    }

    /// Takes the stores of a word.
    pub(crate) fn stores(&mut self, word: &str) -> Option<Stores> {
        let taken = self.take(word, |value| match value {
            Value::Stores(stores) => Some(stores),
            _ => None,
        });
        taken.map(|(_, stores)| stores)
    }

    /// Takes the `crate` word: where the expansion finds the SDK.
    pub(crate) fn root(&mut self) -> Root {
        let taken = self.take("crate", |value| match value {
            Value::Path(path) => Some(path),
            _ => None,
        });
        Root::new(taken.map(|(_, path)| path))
    }

    /// Takes a word without a value.
    pub(crate) fn flag(&mut self, word: &str) -> Option<Ident> {
        let taken = self.take(word, |value| match value {
            Value::Flag => Some(()),
            _ => None,
        });
        taken.map(|(word, ())| word)
    }

    fn take<T>(&mut self, word: &str, form: impl Fn(Value) -> Option<T>) -> Option<(Ident, T)> {
        let at = self.values.iter().position(|(key, _)| key == word)?;
        let (key, value) = self.values.remove(at);
        form(value).map(|value| (key, value))
    }
}
