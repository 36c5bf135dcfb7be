//! `rekey` on the command line, and what the next start makes of its manifest then.

use std::path::Path;

use selvedge_testkit::process::Process;
use tempfile::TempDir;

use super::call;
use crate::process::{folder, run, selvedge, serve};

const MANIFEST: &str = r#"
manifest_version = 1
name = "rekey"
[pops.LHR]
[secret_stores.keys]
items = [
  { key = "generated", generate = 32 },
  { key = "given", env = "GIVEN" },
  { key = "written-over", env = "GIVEN" },
  { key = "deleted", env = "GIVEN" },
]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://127.0.0.1:1" }
"#;

/// Starts a node, and lets it end; what it changed, and whatever else.
fn start<T>(folder: &TempDir, given: &str, work: impl FnOnce(&str) -> T) -> (Vec<String>, T) {
    let mut command = serve(folder.path(), &["--dev"]);
    command.env("GIVEN", given);
    let mut node = Process::start(command).unwrap().map_err(|ended| ended.output).unwrap();
    let done = work(&node.banner());
    let said = node.errors().unwrap();
    node.kill().unwrap();
    let plan = said.lines().filter(|line| line.starts_with(['+', '~', '-']));
    (plan.map(str::to_owned).collect(), done)
}

fn rekey(folder: &Path) -> (bool, String) {
    run(selvedge(folder, &["rekey"]))
}

/// What the API shows of the secrets: names and digests.
fn shown(banner: &str, store: &str) -> String {
    call(banner, "GET", &format!("/resources/stores/secret/{store}/secrets"), "")
}

#[test]
fn secrets_stay_what_they_are_and_so_does_what_the_manifest_said_of_them() {
    let folder = folder(MANIFEST);
    let (ok, said) = rekey(folder.path());
    assert!(!ok && said.contains("there is no account in `.selvedge`"), "{said}");
    let (_, (store, before)) = start(&folder, "secret-seed-given-01", |banner| {
        let stores = call(banner, "GET", "/resources/stores/secret", "");
        let (_, store) = stores.split_once("\"id\":\"").unwrap();
        let store = store.split('"').next().unwrap().to_owned();
        let secrets = format!("/resources/stores/secret/{store}/secrets");
        let other = r#"{"name":"written-over","secret":"b3RoZXI="}"#;
        let put = call(banner, "PUT", &secrets, other);
        assert!(put.starts_with("HTTP/1.1 200 "), "{put}");
        let deleted = call(banner, "DELETE", &format!("{secrets}/deleted"), "");
        assert!(deleted.starts_with("HTTP/1.1 204 "), "{deleted}");
        let shown = shown(banner, &store);
        (store, shown)
    });
    let (ok, said) = rekey(folder.path());
    assert!(ok && said.starts_with("3 secrets are sealed with another key\n"), "{said}");
    // The same manifest says nothing new, nor of what was written over or deleted.
    let (plan, after) = start(&folder, "secret-seed-given-01", |banner| shown(banner, &store));
    assert_eq!(plan, Vec::<String>::new());
    assert_ne!(after, before, "the digests are others");
    assert!(!after.contains("\"deleted\"") && after.contains("\"written-over\""), "{after}");
    // Another text is news.
    let (plan, ()) = start(&folder, "secret-seed-given-02", |_| ());
    let expected = ["given", "written-over", "deleted"]
        .map(|name| format!("~ secret store `keys`: `{name}` is written"));
    assert_eq!(plan, expected);
}

#[test]
fn a_node_that_runs_keeps_its_key() {
    let folder = folder(MANIFEST);
    let _ = start(&folder, "secret-seed-given-01", |_| {
        let (ok, said) = rekey(folder.path());
        assert!(!ok && said.contains("in use by another node"), "{said}");
    });
}
