use std::{collections::BTreeMap, io, path::Path};

use selvedge::store::secret::Secret;
use selvedge_model::{
    limits::SECRET_MAX,
    manifest::{Manifest, SecretItem},
    name::{StoreKind, StoreName},
};

use super::{SecretStores, Source};
use crate::stores::config::ConfigStores;

fn manifest(items: &[(&str, Source)]) -> Manifest {
    let text = "manifest_version = 1\nname = \"t\"\n[pops.LHR]\n\
        [config_stores.c]\ncontents = { greeting = \"hello\" }\n\
        [services.d]\ntype = \"delivery\"\ndomains = [\"d.localhost\"]\n\
        [services.d.backends.o]\nurl = \"http://127.0.0.1:9\"\n";
    let (manifest, problems) = Manifest::parse(text);
    let mut manifest = manifest.unwrap_or_else(|| panic!("{}", problems.render("t")));
    let items = items
        .iter()
        .map(|(key, source)| SecretItem { key: (*key).to_owned(), source: source.clone() })
        .collect();
    manifest.secret_stores = BTreeMap::from([(name("s"), items)]);
    manifest
}

fn name(text: &str) -> StoreName {
    StoreName::new(StoreKind::Secret, text).unwrap()
}

fn load(items: &[(&str, Source)]) -> Result<SecretStores, Vec<String>> {
    let env = |name: &str| match name {
        "SET" => Some("from env".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    };
    let generate = |store: &StoreName, key: &str, bytes: usize| match key {
        "fails" => Err(io::Error::other("disk full")),
        _ => Ok(Secret::new(format!("{store}/{key}/{bytes}").into_bytes())),
    };
    SecretStores::load(&manifest(items), Path::new("."), &env, &generate)
}

#[test]
fn secrets_are_found_by_store_and_key() {
    let stores = load(&[
        ("data", Source::Data("from data".to_owned())),
        ("env", Source::Env("SET".to_owned())),
        ("made", Source::Generate { bytes: 32 }),
        ("full", Source::Data("x".repeat(SECRET_MAX))),
    ])
    .unwrap();
    let get = |store, key| stores.get(&name(store), key).map(|it| it.plaintext().to_vec());
    assert_eq!(get("s", "data").unwrap(), b"from data");
    assert_eq!(get("s", "env").unwrap(), b"from env");
    assert_eq!(get("s", "made").unwrap(), b"s/made/32");
    assert_eq!(get("s", "full").unwrap().len(), SECRET_MAX);
    assert_eq!(get("s", "other"), None);
    assert_eq!(get("other", "data"), None);
    assert!(!format!("{stores:?}").contains("from"));
}

#[test]
fn every_problem_is_told() {
    let problems = load(&[
        ("good", Source::Data("x".to_owned())),
        ("unset", Source::Env("UNSET".to_owned())),
        ("empty", Source::Env("EMPTY".to_owned())),
        ("nothing", Source::Data(String::new())),
        ("large", Source::Data("x".repeat(SECRET_MAX + 1))),
        ("fails", Source::Generate { bytes: 32 }),
    ])
    .unwrap_err();
    let expected = [
        "secret store `s`, item `unset`: environment variable `UNSET` is not set",
        "secret store `s`, item `empty`: the secret is empty",
        "secret store `s`, item `nothing`: the secret is empty",
        "secret store `s`, item `large`: `data` holds more than 65536 bytes",
        "secret store `s`, item `fails`: it cannot be generated: disk full",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn config_is_what_the_manifest_says() {
    let stores = ConfigStores::from_manifest(&manifest(&[]));
    let config = |text| StoreName::new(StoreKind::Config, text).unwrap();
    assert_eq!(stores.get(&config("c"), "greeting").as_deref(), Some("hello"));
    assert_eq!(stores.get(&config("c"), "other"), None);
    assert_eq!(stores.get(&config("other"), "greeting"), None);
}
