//! Starts of a node on the same state directory: what was declared, what a person made, and who wins.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use selvedge_account::{Account, Maker};
use selvedge_model::{id::StoreId, name::StoreKind};
use selvedge_runtime::{
    account::{KEY_VARIABLE, LiveAccount, SystemRandom},
    clock::SystemClock,
    stores::{
        kv::{DiskKv, KvEngine},
        state_dir::StateDir,
    },
};
use selvedge_testkit::process::{Ended, Process};
use tempfile::TempDir;

use super::{activate, call, change, service, store};
use crate::process::{MANIFEST, folder, origin, serve};

const PURGEABLE: &str = "domains = [\"site.localhost\"]\npurge = \"open\"";

fn manifest() -> String {
    MANIFEST.replace("ORIGIN", &origin().to_string())
}

fn write(folder: &TempDir, manifest: &str) {
    std::fs::write(folder.path().join("edge.toml"), manifest).unwrap();
}

fn start(folder: &TempDir, more: &[&str]) -> Process {
    try_start(serve(folder.path(), more)).map_err(|ended| ended.output).unwrap()
}

fn try_start(command: Command) -> Result<Process, Ended> {
    Process::start(command).unwrap()
}

fn refused(folder: &TempDir, more: &[&str]) -> String {
    let ended = try_start(serve(folder.path(), more)).map(drop).unwrap_err();
    assert_eq!(ended.code, Some(1), "{}", ended.output);
    ended.output
}

/// The account, while no node has it.
fn open(folder: &Path) -> (Arc<LiveAccount>, StateDir) {
    let state = lock(folder);
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    (LiveAccount::open(&state, &|_| None, clock, random).unwrap(), state)
}

/// The state directory. A child that another test is just starting has a copy of every open file for a moment, so that a
/// lock which was given back may still be held.
#[expect(clippy::panic, reason = "a lock that is never given back fails the test")]
fn lock(folder: &Path) -> StateDir {
    let mut tries = 0..100_000;
    loop {
        match StateDir::open(&folder.join(".selvedge")) {
            Ok(state) => return state,
            Err(error) if tries.next().is_none() => panic!("{error}"),
            Err(_) => std::thread::yield_now(),
        }
    }
}

/// The numbers of a service's versions, and which one is active.
fn versions(account: &Account, name: &str) -> (Vec<u32>, Option<u32>) {
    let id = &account.service(name).unwrap().id;
    let numbers = account.versions(id).map(|version| version.number).collect();
    (numbers, account.active(id).map(|version| version.number))
}

#[test]
fn a_changed_manifest_is_a_new_version_and_the_same_one_is_nothing_new() {
    let (text, folder) = (manifest(), folder(&manifest()));
    write(&folder, &text);
    let first = start(&folder, &[]);
    assert_eq!(plan(&first), ["+ service `self`, version 1", "+ service `site`, version 1"]);
    drop(first);
    assert!(plan(&start(&folder, &[])).is_empty());
    write(&folder, &text.replace("domains = [\"site.localhost\"]", PURGEABLE));
    let node = start(&folder, &[]);
    assert_eq!(plan(&node), ["~ service `site`: version 2 replaces version 1"]);
    let answer = node.raw("PURGE / HTTP/1.1\r\nHost: site.localhost\r\nConnection: close\r\n\r\n");
    assert!(answer.unwrap().starts_with("HTTP/1.1 200 "));
    drop(node);
    let (live, _state) = open(folder.path());
    assert_eq!(versions(&live.now(), "site"), (vec![1, 2], Some(2)));
    assert_eq!(versions(&live.now(), "self"), (vec![1], Some(1)));
}

/// What a node's start has changed, as it said.
fn plan(node: &Process) -> Vec<String> {
    let said = node.errors().unwrap();
    said.lines().filter(|line| line.starts_with(['+', '~', '-'])).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_a_person_activated_wins_until_the_manifest_is_adopted() {
    let (text, folder) = (manifest(), folder(&manifest()));
    write(&folder, &text);
    drop(start(&folder, &[]));
    let changed = text.replace("domains = [\"site.localhost\"]", PURGEABLE);
    write(&folder, &changed);
    drop(start(&folder, &[]));
    {
        let (live, _state) = open(folder.path());
        activate(&live, &service(&live, "site"), 1).await.unwrap();
    }
    for _ in 0..2 {
        let output = refused(&folder, &[]);
        assert!(
            output.ends_with(
                "error: the manifest differs from what was decided since it was applied:\n  \
                 service `site`: version 1 was activated through the management API and differs \
                 from the manifest\nit would do this:\n  ~ service `site`: version 3 replaces \
                 version 1\n  hint: `--adopt` lets it\n"
            ),
            "{output}"
        );
    }
    drop(start(&folder, &["--adopt"]));
    let (live, state) = open(folder.path());
    assert_eq!(versions(&live.now(), "site"), (vec![1, 2, 3], Some(3)));
    drop((live, state));
    // It is the manifest's again.
    write(&folder, &text);
    drop(start(&folder, &[]));
}

#[tokio::test]
async fn what_a_person_made_stays_until_it_is_pruned() {
    let folder = folder(&manifest());
    drop(start(&folder, &[]));
    let made = {
        let (live, _state) = open(folder.path());
        change(&live, |account, fresh| {
            account.create_store(StoreKind::Kv, "mine", Maker::Person, fresh)
        })
        .await;
        live.now()
    };
    drop(start(&folder, &[]));
    let (live, state) = open(folder.path());
    assert_eq!(*live.now(), *made);
    drop((live, state));
    let node = start(&folder, &["--prune"]);
    assert_eq!(plan(&node), ["- KV store `mine` with its contents"]);
    drop(node);
    assert!(open(folder.path()).0.now().store_named(StoreKind::Kv, "mine").is_none());
}

/// What the management API has acknowledged is there after a kill at that very moment.
#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = folder(&manifest());
    for round in 0..3 {
        let mut node = start(&folder, &["--dev"]);
        let (banner, form) = (node.banner(), format!("name=made{round}"));
        let made = call(&banner, "POST", "/resources/stores/config", &form);
        assert!(made.starts_with("HTTP/1.1 200 "), "{made}");
        node.kill().unwrap();
    }
    let node = start(&folder, &["--dev"]);
    let stores = call(&node.banner(), "GET", "/resources/stores/config", "");
    for round in 0..3 {
        assert!(stores.contains(&format!("\"name\":\"made{round}\"")), "{stores}");
    }
}

/// The items of a KV store that is pruned go with it.
#[tokio::test]
async fn a_pruned_store_leaves_no_items() {
    let (text, folder) = (manifest(), folder(&manifest()));
    write(
        &folder,
        &format!("{text}[kv_stores.seeded]\nitems = [{{ key = \"k\", data = \"v\" }}]\n"),
    );
    drop(start(&folder, &[]));
    let count = async |store: &StoreId| {
        let state = lock(folder.path());
        DiskKv::open(&state.kv_path()).unwrap().count(store, 10, 0).await.unwrap()
    };
    let store = store(&open(folder.path()).0, StoreKind::Kv, "seeded");
    assert_eq!(count(&store).await, 1);
    write(&folder, &text);
    drop(start(&folder, &[]));
    assert_eq!(count(&store).await, 1);
    drop(start(&folder, &["--prune"]));
    assert_eq!(count(&store).await, 0);
}

#[test]
fn another_key_a_newer_file_and_a_foreign_one_keep_a_node_from_starting() {
    let folder = folder(&manifest());
    // It is killed, so the files were not closed.
    drop(start(&folder, &[]));
    let state = |name: &str| folder.path().join(".selvedge").join(name);
    let files = || {
        ["account.redb", "kv.redb", "secret-key"].map(|name| std::fs::read(state(name)).unwrap())
    };
    let before = files();
    let mut command = serve(folder.path(), &[]);
    command.env(KEY_VARIABLE, "0a".repeat(32));
    let ended = try_start(command);
    let output = ended.map(drop).unwrap_err().output;
    assert!(output.contains("sealed with another secret key\n  hint: "), "{output}");
    assert!(files() == before, "a start that is refused changes nothing");
    let path = state("account.redb");
    let facts: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("account_facts");
    let database = redb::Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    let newer = 3_u64.to_le_bytes();
    transaction.open_table(facts).unwrap().insert("schema", newer.as_slice()).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let output = refused(&folder, &[]);
    assert!(output.contains("has schema 3, this version knows schemas up to 2"), "{output}");
    std::fs::write(&path, "my diary\n").unwrap();
    assert!(refused(&folder, &[]).contains("is damaged or is no account file"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "my diary\n");
}

/// Nodes that are killed while they start leave an account that the next one goes on with: whole versions, counted
/// without a gap, one of them active.
#[test]
fn a_killed_start_leaves_nothing_half_done() {
    let (text, folder) = (manifest(), folder(&manifest()));
    for round in 0..12 {
        let ttl = format!("domains = [\"site.localhost\"]\ndefault_ttl = \"{round}s\"");
        write(&folder, &text.replace("domains = [\"site.localhost\"]", &ttl));
        let mut command = serve(folder.path(), &[]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        // Each round a little later: before, within and after the commit.
        let until = std::time::Instant::now() + Duration::from_millis(round * 3);
        while std::time::Instant::now() < until && child.try_wait().unwrap().is_none() {}
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let node = start(&folder, &[]);
    assert!(node.get("site.localhost", "/", "").unwrap().starts_with("HTTP/1.1 200 "));
    drop(node);
    let (live, _state) = open(folder.path());
    let (numbers, active) = versions(&live.now(), "site");
    assert_eq!(numbers, (1..=active.unwrap()).collect::<Vec<_>>());
    let id = service(&live, "site");
    let account = live.now();
    let settings = &account.active(&id).unwrap().settings;
    assert_eq!(settings["default_ttl"].as_str(), Some("11s"));
}
