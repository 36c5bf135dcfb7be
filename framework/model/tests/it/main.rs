//! Manifests as files: `ok/` with what is read from them, `bad/` with what is said about them.
//!
//! A case is a file; `UPDATE_GOLDENS=1 cargo test -p selvedge-model` writes what is expected anew.

#![expect(clippy::expect_used, reason = "a helper that cannot read its case has nothing to test")]

use std::fs;
use std::path::{Path, PathBuf};

use selvedge_model::{manifest::Manifest, problem::Problems};

mod fuzz;
mod hostile;
mod limits;

/// The cases of a folder, sorted by name.
fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/manifest").join(folder);
    let files = fs::read_dir(folder).expect("folder of cases");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("case").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort();
    files
}

/// Compares with the golden beside a case, or writes it; says what differs.
fn golden(case: &Path, extension: &str, found: &str) -> Option<String> {
    let golden = case.with_extension(extension);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&golden, found).expect("write golden");
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    let differs = || format!("{}\nexpected:\n{expected}\nfound:\n{found}", golden.display());
    (expected != found).then(differs)
}

#[test]
fn good_manifests_are_read() {
    let mut wrong = Vec::new();
    for case in cases("ok") {
        let text = fs::read_to_string(&case).expect("read case");
        let (manifest, problems) = Manifest::parse(&text);
        let report = problems.render("edge.toml");
        let Some(manifest) = manifest else {
            wrong.push(format!("{}\n{report}", case.display()));
            continue;
        };
        wrong.extend(golden(&case, "txt", &format!("{report}{manifest:#?}\n")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bad_manifests_are_explained() {
    let mut wrong = Vec::new();
    for case in cases("bad") {
        let text = fs::read_to_string(&case).expect("read case");
        let (manifest, problems) = Manifest::parse(&text);
        if manifest.is_some() || !problems.has_refusals() {
            wrong.push(format!("{} is accepted", case.display()));
        }
        wrong.extend(golden(&case, "err", &problems.render("edge.toml")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_problem_has_a_place_and_house_style() {
    for case in cases("bad") {
        let text = fs::read_to_string(&case).expect("read case");
        for problem in Manifest::parse(&text).1.iter() {
            let lines = text.lines().count().max(1);
            assert!((1..=lines).contains(&problem.line), "{}: {problem:?}", case.display());
            assert!(problem.column >= 1 && !problem.what.ends_with('.'), "{problem:?}");
        }
    }
}

#[test]
fn a_backend_is_compared_with_where_the_node_really_listens() {
    let text = "manifest_version = 1\nname = 'm'\n[pops.LHR]\n[services.a]\ntype = 'delivery'\n\
                domains = ['a.example']\nbackends.me = { url = 'http://127.0.0.1:8080' }\n";
    let said = |problems: Problems| problems.render("edge.toml").contains("to this node itself");
    assert!(!said(Manifest::parse(text).1));
    for (listen, expected) in [("0.0.0.0:8080", true), ("127.0.0.1:8081", false)] {
        let at = |text: &str| text.parse().expect("an address");
        let addresses = (at(listen), at("127.0.0.1:7677"));
        let (manifest, problems) = Manifest::parse_served(text, addresses);
        assert!(manifest.is_some());
        assert_eq!(said(problems), expected, "{listen}");
    }
}
