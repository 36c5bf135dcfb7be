//! Reading arguments, token by token: what is wrong with one does not hide what is wrong with the
//! next.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use selvedge_model::suggest;
use syn::{
    Lit, LitStr, Result, Token, Type,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    token::Paren,
};

use super::{Args, Form, Grammar, Stores, Value, Word, read};
use crate::diag::Diag;

const STORES: Grammar = Grammar {
    name: false,
    words: &[Word::new("config", Form::Text), Word::new("secrets", Form::Text)],
};

const TWO_STORES: &str = "(config = \"...\", secrets = \"...\")";

pub(super) fn read_all(input: ParseStream<'_>, grammar: Grammar, diag: &mut Diag) -> Args {
    let mut args = Args::default();
    let mut seen: Vec<Ident> = Vec::new();
    while !input.is_empty() {
        if let Err(error) = read_one(input, grammar, &mut args, &mut seen, diag) {
            diag.push(error);
            skip(input);
        }
        if let Err(error) = end(input) {
            diag.push(error);
            skip(input);
            // The comma after what was skipped, if it does not end there.
            let _: Result<Option<Token![,]>> = input.parse();
        }
    }
    args
}

/// One argument, up to its comma.
fn read_one(
    input: ParseStream<'_>,
    grammar: Grammar,
    args: &mut Args,
    seen: &mut Vec<Ident>,
    diag: &mut Diag,
) -> Result<()> {
    if input.peek(Lit) {
        return read_name(input, args);
    }
    if !input.peek(syn::Ident::peek_any) {
        return Err(input.error("expected an argument"));
    }
    let word = input.call(Ident::parse_any)?;
    args.first.get_or_insert_with(|| word.clone());
    let text = word.to_string();
    let Some(known) = grammar.words.iter().find(|known| known.name == text) else {
        let alone = input.is_empty() || input.peek(Token![,]);
        if grammar.name && alone && !std::mem::replace(&mut args.named, true) {
            return Err(no_text(&word));
        }
        return Err(unknown(&word, grammar));
    };
    let twice = seen.contains(&word);
    let value = read_value(input, &word, known.form, diag)?;
    if twice {
        return Err(syn::Error::new_spanned(&word, format!("`{text}` is given twice")));
    }
    seen.push(word.clone());
    args.values.push((word, value));
    Ok(())
}

fn read_name(input: ParseStream<'_>, args: &mut Args) -> Result<()> {
    let literal: Lit = input.parse()?;
    let twice = std::mem::replace(&mut args.named, true);
    match literal {
        _ if twice => Err(syn::Error::new_spanned(&literal, "there is one name only")),
        Lit::Str(text) => {
            args.name = Some(text);
            Ok(())
        }
        other => Err(no_text(&other)),
    }
}

fn no_text(found: &impl ToTokens) -> syn::Error {
    syn::Error::new_spanned(found, "a name is a text in quotes")
}

fn unknown(word: &Ident, grammar: Grammar) -> syn::Error {
    // `crate` is for macros of the user's own, and no hint to anybody else.
    let known = grammar.words.iter().map(|known| known.name).filter(|name| *name != "crate");
    let hint = suggest::hint(&word.to_string(), known)
        .unwrap_or_else(|| "the name is the only argument".to_owned());
    syn::Error::new_spanned(word, format!("unknown argument `{word}`\nhint: {hint}"))
}

fn read_value(input: ParseStream<'_>, word: &Ident, form: Form, diag: &mut Diag) -> Result<Value> {
    match form {
        Form::Text => {
            equals(input, word, "= \"...\"")?;
            input.parse().map(Value::Text).map_err(|error| {
                syn::Error::new(error.span(), format!("`{word}` is a text in quotes"))
            })
        }
        Form::Type => {
            equals(input, word, "= SomeType")?;
            input.parse().map(Value::Type).map_err(|error| no_type(&error))
        }
        Form::Expr => {
            equals(input, word, "= ...")?;
            input.parse().map(Value::Expr)
        }
        Form::Types => {
            let content = listed(input, word, "(Users, Catalog)")?;
            let types = Punctuated::<Type, Token![,]>::parse_terminated.parse2(content);
            let types = types.map_err(|error| no_type(&error))?;
            Ok(Value::Types(types.into_iter().collect()))
        }
        Form::Stores => {
            let content = listed(input, word, TWO_STORES)?;
            Ok(Value::Stores(read_stores(word, content, diag)))
        }
        Form::Flag => {
            // The word counts, whatever follows it.
            if !input.is_empty() && !input.peek(Token![,]) {
                diag.push(input.error(format!("`{word}` takes no value")));
                skip(input);
            }
            Ok(Value::Flag)
        }
        Form::Path => {
            equals(input, word, "= some_crate")?;
            input.call(syn::Path::parse_mod_style).map(Value::Path).map_err(|error| {
                syn::Error::new(error.span(), format!("`{word}` is a path without quotes"))
            })
        }
    }
}

/// What syn would take instead is a long list.
fn no_type(error: &syn::Error) -> syn::Error {
    syn::Error::new(error.span(), "this is no type")
}

fn read_stores(word: &Ident, content: TokenStream, diag: &mut Diag) -> Stores {
    if let Some(TokenTree::Literal(_)) = content.clone().into_iter().next() {
        diag.error(word, format!("write `{word}{TWO_STORES}`"));
        return Stores { config: None, secrets: None };
    }
    let before = diag.len();
    let mut args = read(content, STORES, diag);
    let (config, secrets) = (args.text("config"), args.text("secrets"));
    // A word that was refused is not also missing.
    if diag.len() == before {
        for (name, value) in [("config", &config), ("secrets", &secrets)] {
            if value.is_none() {
                let hint = "write `config = \"...\"`, the link of the config store that names the \
                            secret, and `secrets = \"...\"`, the link of the secret store";
                diag.hinted(word, format!("`{word}` lacks `{name}`"), hint);
            }
        }
    }
    let text = |taken: Option<(Ident, LitStr)>| taken.map(|(_, text)| text);
    Stores { config: text(config), secrets: text(secrets) }
}

/// The `=` with something behind it.
fn equals(input: ParseStream<'_>, word: &Ident, rest: &str) -> Result<()> {
    let equals: Option<Token![=]> = input.parse()?;
    if equals.is_none() || input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(word, format!("write `{word} {rest}`")));
    }
    Ok(())
}

fn listed(input: ParseStream<'_>, word: &Ident, rest: &str) -> Result<TokenStream> {
    if !input.peek(Paren) {
        return Err(syn::Error::new_spanned(word, format!("write `{word}{rest}`")));
    }
    let content;
    syn::parenthesized!(content in input);
    content.parse()
}

/// An argument ends with a comma or with the arguments.
fn end(input: ParseStream<'_>) -> Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    input.parse::<Token![,]>().map(drop).map_err(|_| input.error("expected `,`"))
}

/// Goes on to the next comma.
fn skip(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
