//! No secret appears in anything that a node writes: its state directory, what it prints, what it answers.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use selvedge_model::name::StoreKind;
use selvedge_runtime::{
    account::{LiveAccount, SystemRandom},
    clock::SystemClock,
    stores::state_dir::StateDir,
};
use selvedge_testkit::process::Process;
use tempfile::TempDir;

use super::{call, store};
use crate::process::{folder, serve};

const MANIFEST: &str = r#"
manifest_version = 1
name = "secrets"
[pops.LHR]
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [
  { key = "1", generate = 32 },
  { key = "2", env = "SEEDED" },
  { key = "3", data = "secret-seed-data-4bba11" },
  { key = "4", file = "seeded.given" },
]
[services.front]
type = "delivery"
domains = ["front.localhost"]
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.front.backends.back]
service = "back"
chain_auth = { config = "config", secrets = "secrets", mode = "signed" }
[services.back]
type = "delivery"
domains = ["back.localhost"]
require_chain_auth = { config = "config", secrets = "secrets", accept = ["signed"] }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
backends.origin = { url = "http://127.0.0.1:1" }
"#;

/// Starts a node, lets it use its secrets, and gives everything that it said.
fn run(folder: &TempDir, more: &[&str]) -> String {
    let mut command = serve(folder.path(), &["--dev"]);
    command.args(more).env("SEEDED", "secret-seed-env-91ac02");
    let mut node = Process::start(command).unwrap().unwrap();
    let mut said = node.banner();
    for host in ["front.localhost", "back.localhost", "nobody.localhost"] {
        said += &node.get(host, "/", "Edge-Auth: 2,1,LHR,0x00\r\nFastly-Debug: 1\r\n").unwrap();
    }
    let account = call(&said, "GET", "/account", "");
    assert!(account.starts_with("HTTP/1.1 200 "), "{account}");
    said += &account;
    node.kill().unwrap();
    said + &node.wait().unwrap().1 + &node.errors().unwrap()
}

/// The plaintext of every secret, with the names of those that are there.
fn plaintexts(folder: &Path) -> Vec<Vec<u8>> {
    let state = StateDir::open(&folder.join(".selvedge")).unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let live = LiveAccount::open(&state, &|_| None, clock, random).unwrap();
    let keys = store(&live, StoreKind::Secret, "keys");
    let secret = |name: &str| live.secret(&keys, name).unwrap().plaintext().to_vec();
    ["1", "2", "3", "4"].map(secret).to_vec()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_secret_is_seen_in_what_a_node_writes_and_says() {
    let folder = folder(MANIFEST);
    fs::write(folder.path().join("seeded.given"), "secret-seed-file-7f00d5").unwrap();
    let mut said = run(&folder, &[]);
    let first = plaintexts(folder.path());
    said += &run(&folder, &["--adopt"]);
    // The generated one is made once.
    assert_eq!(plaintexts(folder.path()), first);
    let expected = ["secret-seed-env-91ac02", "secret-seed-data-4bba11", "secret-seed-file-7f00d5"];
    assert_eq!(first[1..], expected.map(|text| text.as_bytes().to_vec()));
    assert_eq!(first[0].len(), 64);
    // The chain was signed and checked with them.
    assert!(
        said.contains("HTTP/1.1 403 ") && said.contains("error-reason: connection refused"),
        "{said}"
    );
    for secret in &first {
        // A part of it is too much.
        let part = &secret[..12];
        let is_in = |bytes: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(!is_in(said.as_bytes()), "{said}");
        for file in files(&folder.path().join(".selvedge")) {
            assert!(!is_in(&fs::read(&file).unwrap()), "{}", file.display());
        }
    }
}
