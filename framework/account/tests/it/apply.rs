//! Manifests applied one after another, with what people do in between: a case is a file, what comes of it a golden.
//!
//! A case is a list of acts. `> apply [--adopt] [--prune]` takes the lines below it as services and stores of a
//! manifest; `> person VERB ...` is the management API. `UPDATE_GOLDENS=1 cargo test -p selvedge-account` writes what is
//! expected anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use selvedge_account::{Account, Apply, Declared, Maker, ServiceType};
use selvedge_model::manifest::Manifest;
use selvedge_model::name::StoreKind;

use crate::Counted;

const HEAD: &str = "manifest_version = 1\nname = \"case\"\n[pops.LHR]\n";

#[test]
fn manifests_are_applied() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = play(&std::fs::read_to_string(&case).unwrap());
        let golden = case.with_extension("out");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::write(&golden, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if expected != found {
            wrong.push(format!("{}\nexpected:\n{expected}\nfound:\n{found}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/apply");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|it| it.extension().is_some_and(|it| it == "case")).collect();
    assert!(!files.is_empty());
    files.sort();
    files
}

fn play(case: &str) -> String {
    let (mut account, mut fresh, mut out) = (Account::default(), Counted::default(), String::new());
    for act in case.split("> ").skip(1) {
        let (words, text) = act.split_once('\n').unwrap();
        let words: Vec<&str> = words.split_whitespace().collect();
        writeln!(out, "> {}", words.join(" ")).unwrap();
        match words.as_slice() {
            ["apply", flags @ ..] => apply(&mut account, flags, text, &mut fresh, &mut out),
            ["person", act @ ..] => person(&mut account, act, &mut fresh),
            other => panic!("{other:?}"),
        }
        state(&account, &mut out);
    }
    out
}

fn apply(account: &mut Account, flags: &[&str], text: &str, fresh: &mut Counted, out: &mut String) {
    let text = format!("{HEAD}{text}");
    let (manifest, problems) = Manifest::parse(&text);
    let manifest = manifest.unwrap_or_else(|| panic!("{}", problems.render("case")));
    let declared = Declared::of(&text, &manifest).unwrap();
    let how = Apply { adopt: flags.contains(&"--adopt"), prune: flags.contains(&"--prune") };
    let mut copy = account.clone();
    match copy.apply(&declared, how, fresh) {
        Ok(Ok(steps)) => {
            steps.iter().for_each(|step| writeln!(out, "{step}").unwrap());
            *account = copy;
            // What is active is a manifest again, and applying the same once more does nothing.
            let live = account.live_manifest(&declared.base);
            let (active, problems) = Manifest::parse_active(&live);
            assert!(active.is_some(), "{live}\n{}", problems.render("live"));
            assert_eq!(
                account.clone().apply(&declared, Apply::default(), fresh),
                Ok(Ok(Vec::new()))
            );
        }
        Ok(Err(conflicts)) => {
            conflicts.conflicts.iter().for_each(|it| writeln!(out, "! {it}").unwrap());
            conflicts.plan.iter().for_each(|step| writeln!(out, "? {step}").unwrap());
        }
        Err(refused) => writeln!(out, "refused: {refused}").unwrap(),
    }
}

fn person(account: &mut Account, act: &[&str], fresh: &mut Counted) {
    let by = Maker::Person;
    let number = |text: &str| text.parse::<u32>().unwrap();
    let id = |account: &Account, name: &str| account.service(name).unwrap().id.clone();
    match act {
        ["activate", name, version] => {
            account.activate(&id(account, name), number(version), by, fresh).map(drop)
        }
        ["deactivate", name, version] => {
            account.deactivate(&id(account, name), number(version), by, fresh).map(drop)
        }
        ["clone", name, version] => {
            account.clone_version(&id(account, name), number(version), by, fresh).map(drop)
        }
        ["make", "service", name] => {
            account.create_service(name, ServiceType::Delivery, "", fresh).map(drop)
        }
        ["make", kind, name] => account.create_store(store_kind(kind), name, by, fresh).map(drop),
        ["rename", kind, from, to] => {
            let store = account.store_named(store_kind(kind), from).unwrap().id.clone();
            account.rename_store(store_kind(kind), store.as_str(), to, fresh).map(drop)
        }
        ["link", service, version, name, kind, store] => {
            let store = account.store_named(store_kind(kind), store).unwrap().id.clone();
            let service = id(account, service);
            account.create_link(&service, number(version), name, store.as_str(), fresh).map(drop)
        }
        other => panic!("{other:?}"),
    }
    .unwrap();
}

fn store_kind(text: &str) -> StoreKind {
    StoreKind::ALL.into_iter().find(|kind| kind.as_str() == text).unwrap()
}

/// Services with their versions, the active one in brackets, then stores.
fn state(account: &Account, out: &mut String) {
    let mut services: Vec<_> = account.services().collect();
    services.sort_by(|a, b| a.name.cmp(&b.name));
    for service in services {
        write!(out, "    {}:", service.name).unwrap();
        for version in account.versions(&service.id) {
            match version.active {
                true => write!(out, " [{}]", version.number).unwrap(),
                false => write!(out, " {}", version.number).unwrap(),
            }
        }
        writeln!(out).unwrap();
    }
    for kind in StoreKind::ALL {
        let mut names: Vec<_> = account.stores(kind).map(|store| store.name.as_str()).collect();
        names.sort_unstable();
        if !names.is_empty() {
            writeln!(out, "    {kind}: {}", names.join(" ")).unwrap();
        }
    }
}
