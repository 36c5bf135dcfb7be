//! Expansions as text: `tests/expansion/NAME.rs` becomes `NAME.expanded`.
//!
//! `UPDATE_GOLDENS=1 cargo test -p selvedge-macros` writes them anew; read them before they are kept.

use std::{env, fs, path::PathBuf};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use selvedge_model::name::StoreKind;
use syn::{Attribute, File, Item, Meta};

use crate::{backend, edge_handler, manifest::EdgeToml, store};

/// Fewer lines than these a handler becomes, its own signature included.
const LINES: usize = 60;

#[test]
fn expansions_are_as_they_were_read() {
    for (name, source) in sources() {
        let expanded = expand(&source);
        let golden = path(&format!("{name}.expanded"));
        if env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&golden, &expanded).unwrap();
        }
        let wanted = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(expanded, wanted, "{name}");
    }
}

#[test]
fn a_handler_is_short() {
    let widths = sources().into_iter().flat_map(|(name, source)| {
        let file: File = syn::parse_str(&source).unwrap();
        file.items.into_iter().filter_map(move |one| match &one {
            Item::Fn(handler) => Some((name.clone(), handler.sig.inputs.len(), item(one))),
            _ => None,
        })
    });
    let mut widest = 0;
    for (name, width, expanded) in widths {
        let lines = prettyplease::unparse(&syn::parse2(expanded).unwrap()).lines().count();
        assert!(lines < LINES, "{name}: {width} arguments become {lines} lines");
        widest = widest.max(width);
    }
    assert!(widest >= 12, "the widest handler has {widest} arguments");
}

#[test]
fn a_renamed_crate_is_called_by_its_new_name_only() {
    let source = fs::read_to_string(path("handler_of_everything.rs")).unwrap();
    let expanded = expand(&source);
    assert!(expanded.contains("::renamed::"));
    assert!(!expanded.contains("selvedge"), "{expanded}");
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/expansion").join(file)
}

fn sources() -> Vec<(String, String)> {
    let files = fs::read_dir(path("")).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(file).unwrap())
        })
        .collect()
}

fn expand(source: &str) -> String {
    let file: File = syn::parse_str(source).unwrap();
    let expanded: TokenStream = file.items.into_iter().map(item).collect();
    prettyplease::unparse(&syn::parse2(expanded).unwrap())
}

/// What the item's own macro makes of it.
fn item(mut item: Item) -> TokenStream {
    let attrs = match &mut item {
        Item::Fn(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        other => panic!("no item of a case: {}", quote!(#other)),
    };
    let attribute: Attribute = attrs.remove(0);
    let args = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let (item, edge_toml) = (item.into_token_stream(), EdgeToml::default());
    match attribute.path().require_ident().unwrap().to_string().as_str() {
        "edge_handler" => edge_handler::attribute(args, item, &edge_toml),
        "backend" => backend::attribute(args, item, &edge_toml),
        "kv_store" => store::attribute(StoreKind::Kv, args, item, &edge_toml),
        "config_store" => store::attribute(StoreKind::Config, args, item, &edge_toml),
        "secret_store" => store::attribute(StoreKind::Secret, args, item, &edge_toml),
        "acl" => store::attribute(StoreKind::Acl, args, item, &edge_toml),
        other => panic!("no macro of ours: {other}"),
    }
}
