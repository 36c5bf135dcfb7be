use std::{collections::BTreeMap, path::Path};

use selvedge_model::{
    limits::SECRET_MAX,
    manifest::{Manifest, SecretItem, Source},
    name::{StoreKind, StoreName},
};

use super::{Plain, Sources, declared};

fn manifest(items: &[(&str, Source)]) -> Manifest {
    let text = "manifest_version = 1\nname = \"t\"\n[pops.LHR]\n\
        [services.d]\ntype = \"delivery\"\ndomains = [\"d.localhost\"]\n\
        [services.d.backends.o]\nurl = \"http://127.0.0.1:9\"\n";
    let (manifest, problems) = Manifest::parse(text);
    let mut manifest = manifest.unwrap_or_else(|| panic!("{}", problems.render("t")));
    let items = items
        .iter()
        .map(|(key, source)| SecretItem { key: (*key).to_owned(), source: source.clone() })
        .collect();
    let store = StoreName::new(StoreKind::Secret, "s").unwrap();
    manifest.secret_stores = BTreeMap::from([(store, items)]);
    manifest
}

/// What each secret is, as text; of one to be made how many bytes.
fn read(items: &[(&str, Source)]) -> Result<BTreeMap<String, String>, Vec<String>> {
    let env = |name: &str| match name {
        "SET" => Some("from env".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    };
    let manifest = manifest(items);
    let secrets = declared(&manifest, Sources { base_dir: Path::new("."), env: &env })?;
    assert!(!format!("{secrets:?}").contains("from"));
    let pairs = secrets.iter().map(|secret| {
        let text = match &secret.plain {
            Plain::Given(secret) => String::from_utf8(secret.plaintext().to_vec()).unwrap(),
            Plain::Generate { bytes } => format!("made of {bytes}"),
        };
        (format!("{}/{}", secret.store, secret.name), text)
    });
    Ok(pairs.collect())
}

#[test]
fn secrets_are_read_from_their_sources() {
    let secrets = read(&[
        ("data", Source::Data("from data".to_owned())),
        ("env", Source::Env("SET".to_owned())),
        ("made", Source::Generate { bytes: 32 }),
        ("most", Source::Generate { bytes: SECRET_MAX / 2 }),
        ("full", Source::Data("x".repeat(SECRET_MAX))),
    ])
    .unwrap();
    assert_eq!(secrets["s/data"], "from data");
    assert_eq!(secrets["s/env"], "from env");
    assert_eq!(secrets["s/made"], "made of 32");
    assert_eq!(secrets["s/most"], "made of 32768");
    assert_eq!(secrets["s/full"].len(), SECRET_MAX);
}

#[test]
fn every_problem_is_told() {
    let problems = read(&[
        ("good", Source::Data("x".to_owned())),
        ("unset", Source::Env("UNSET".to_owned())),
        ("empty", Source::Env("EMPTY".to_owned())),
        ("nothing", Source::Data(String::new())),
        ("large", Source::Data("x".repeat(SECRET_MAX + 1))),
        ("none", Source::Generate { bytes: 0 }),
        ("many", Source::Generate { bytes: SECRET_MAX / 2 + 1 }),
    ])
    .unwrap_err();
    let expected = [
        "secret store `s`, item `unset`: environment variable `UNSET` is not set",
        "secret store `s`, item `empty`: the secret is empty",
        "secret store `s`, item `nothing`: the secret is empty",
        "secret store `s`, item `large`: `data` holds more than 65536 bytes",
        "secret store `s`, item `none`: a secret of 0 bytes was asked for",
        "secret store `s`, item `many`: the secret would be 65538 bytes, more than 65536",
    ];
    assert_eq!(problems, expected);
}
