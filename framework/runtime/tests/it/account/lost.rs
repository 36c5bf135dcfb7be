//! Starts where something of the state is lost or open to others, and starts that only show what they would do.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use selvedge_runtime::account::KEY_VARIABLE;
use selvedge_testkit::process::{Ended, Process};
use tempfile::TempDir;

use super::call;
use crate::process::{MANIFEST, folder, origin, serve};

const STORES: &str = r#"
[kv_stores.items]
items = [{ key = "k", data = "v" }]
[config_stores.settings]
contents = { a = "1", b = "hidden value" }
[secret_stores.keys]
items = [{ key = "given", data = "secret-seed plaintext" }, { key = "made", generate = 16 }]
"#;

fn manifest() -> String {
    format!("{}{STORES}", MANIFEST.replace("ORIGIN", &origin().to_string()))
}

fn try_start(folder: &TempDir, more: &[&str]) -> Result<Process, Ended> {
    Process::start(serve(folder.path(), more)).unwrap()
}

fn start(folder: &TempDir, more: &[&str]) -> Process {
    try_start(folder, more).map_err(|ended| ended.output).unwrap()
}

/// What a start says that does not come to serve.
fn ended(folder: &TempDir, more: &[&str], code: i32) -> String {
    let ended = try_start(folder, more).map(drop).unwrap_err();
    assert_eq!(ended.code, Some(code), "{}", ended.output);
    ended.output
}

fn file(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(".selvedge").join(name)
}

fn lose(path: &Path, how: &str) {
    match how {
        "missing" => fs::remove_file(path).unwrap(),
        _ => fs::write(path, "").unwrap(),
    }
}

#[test]
fn a_lost_file_is_refused_beside_the_other_one() {
    for how in ["missing", "empty"] {
        let folder = folder(&manifest());
        drop(start(&folder, &[]));
        let (account, kv) = (file(&folder, "account.redb"), file(&folder, "kv.redb"));
        let kept = fs::read(&account).unwrap();
        lose(&account, how);
        for _ in 0..2 {
            let said = ended(&folder, &[], 1);
            assert!(said.contains("put the account file back; or move the KV file away"), "{said}");
        }
        fs::write(&account, &kept).unwrap();
        lose(&kv, how);
        for _ in 0..2 {
            let said = ended(&folder, &[], 1);
            assert!(said.contains("has 1 KV store\n  hint: put the KV file back"), "{said}");
        }
        drop(start(&folder, &["--forget-kv"]));
        drop(start(&folder, &[]));
        // Where both are new there is nothing to lose.
        lose(&account, how);
        lose(&kv, how);
        fs::remove_file(file(&folder, "secret-key")).unwrap();
        drop(start(&folder, &[]));
    }
}

#[test]
fn secrets_whose_key_is_lost_are_forgotten_only_when_it_is_said() {
    let folder = folder(&manifest());
    let node = start(&folder, &["--dev"]);
    call(&node.banner(), "POST", "/resources/stores/kv", "name=mine");
    drop(node);
    fs::remove_file(file(&folder, "secret-key")).unwrap();
    let said = ended(&folder, &[], 1);
    assert!(said.contains("`--forget-secrets` starts without them"), "{said}");
    let node = start(&folder, &["--dev", "--forget-secrets"]);
    let said = node.errors().unwrap();
    assert!(said.contains("~ secret store `keys`: `given` is written"), "{said}");
    assert!(said.contains("~ secret store `keys`: `made` is written"), "{said}");
    let stores = call(&node.banner(), "GET", "/resources/stores/kv", "");
    assert!(stores.contains("\"name\":\"mine\""), "{stores}");
    drop(node);
    // Who says so again loses nothing: now the key is there.
    let node = start(&folder, &["--dev", "--forget-secrets"]);
    let said = node.errors().unwrap();
    assert!(!said.contains("is written"), "{said}");
    drop(node);
    drop(start(&folder, &[]));
    // The new key is as good as the old one was.
    let mut other = serve(folder.path(), &[]);
    other.env(KEY_VARIABLE, "0a".repeat(32));
    let said = Process::start(other).unwrap().map(drop).unwrap_err().output;
    assert!(said.contains("sealed with another secret key"), "{said}");
}

/// Every file of the state directory: its name, its bytes, and when it was written.
fn state(folder: &TempDir) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let entries = fs::read_dir(file(folder, "")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|path| {
            let written = fs::metadata(&path).unwrap().modified().unwrap();
            (path.clone(), fs::read(&path).unwrap(), written)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_damaged_kv_file_is_refused_with_what_to_do_and_stays_as_it_is() {
    let folder = folder(&manifest());
    drop(start(&folder, &[]));
    let kv = file(&folder, "kv.redb");
    let sound = fs::read(&kv).unwrap();
    let pages = sound.chunks(4096).enumerate().skip(1);
    let used = pages.filter(|(_, page)| page.iter().any(|byte| *byte != 0)).map(|(at, _)| at);
    let mut refused = 0;
    for page in used {
        let mut damaged = sound.clone();
        damaged.iter_mut().skip(page * 4096).take(64).for_each(|byte| *byte ^= 0xa5);
        fs::write(&kv, &damaged).unwrap();
        let said = match try_start(&folder, &[]) {
            Ok(node) => node.errors().unwrap(),
            Err(ended) => {
                refused += 1;
                assert!(ended.output.contains("kv.redb` is damaged or is no KV file: "));
                assert!(ended.output.contains("\n  hint: put back a copy of the state directory"));
                assert!(fs::read(&kv).unwrap() == damaged, "page {page}: the file was changed");
                ended.output
            }
        };
        assert!(!said.contains("panicked"), "page {page}: {said}");
    }
    assert!(refused > 2, "{refused} damaged files were refused");
}

/// A node that was killed leaves files that the next start puts in order, which a plan does not.
#[test]
fn a_plan_leaves_what_a_killed_node_left() {
    let folder = folder(&manifest());
    let node = start(&folder, &["--dev"]);
    call(&node.banner(), "POST", "/resources/stores/kv", "name=mine");
    let (account, kv) = (file(&folder, "account.redb"), file(&folder, "kv.redb"));
    let open = (fs::read(&account).unwrap(), fs::read(&kv).unwrap());
    drop(node);
    fs::write(&account, open.0).unwrap();
    fs::write(&kv, open.1).unwrap();
    let before = state(&folder);
    assert!(ended(&folder, &["--plan"], 0).contains("nothing was changed"));
    assert!(state(&folder) == before, "the plan has changed the state directory");
    lose(&kv, "missing");
    let before = state(&folder);
    assert!(ended(&folder, &["--plan"], 1).contains("put the KV file back"));
    assert!(state(&folder) == before, "the plan has changed the state directory");
}

#[test]
fn a_plan_names_contents_and_changes_nothing() {
    let folder = folder(&manifest());
    let said = ended(&folder, &["--plan"], 0);
    for line in [
        "+ KV store `items`",
        "~ config store `settings`: `a` is written",
        "~ secret store `keys`: `given` is written",
        "nothing was changed",
    ] {
        assert!(said.lines().any(|found| found == line), "`{line}` in {said}");
    }
    assert!(!said.contains("hidden") && !said.contains("secret-seed"), "{said}");
    assert!(!file(&folder, "").exists());
    drop(start(&folder, &[]));
    let changed = manifest().replace("a = \"1\", ", "").replace("hidden value", "hidden too");
    fs::write(folder.path().join("edge.toml"), changed.replace("key = \"made\"", "key = \"new\""))
        .unwrap();
    let contents = [
        "- config store `settings`: `a`",
        "- secret store `keys`: `made`",
        "~ config store `settings`: `b` is written",
        "~ secret store `keys`: `new` is written",
    ];
    // What no plan needs, none makes.
    for name in ["lock", "admin-token"] {
        fs::remove_file(file(&folder, name)).unwrap();
    }
    let before = state(&folder);
    for _ in 0..2 {
        let said = ended(&folder, &["--plan"], 0);
        assert!(state(&folder) == before, "the plan has changed the state directory");
        let mut found: Vec<&str> = said.lines().filter(|line| contents.contains(line)).collect();
        found.sort_unstable();
        assert_eq!(found, contents, "{said}");
    }
    drop(start(&folder, &[]));
    let said = ended(&folder, &["--plan"], 0);
    assert!(!said.contains(['~', '+']), "{said}");
}

#[test]
fn a_deleted_secret_and_open_files_are_told() {
    let folder = folder(&manifest());
    let node = start(&folder, &["--dev"]);
    let listed = call(&node.banner(), "GET", "/resources/stores/secret", "");
    let id = listed.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/resources/stores/secret/{id}/secrets/made");
    let gone = call(&node.banner(), "DELETE", &path, "");
    assert!(gone.starts_with("HTTP/1.1 204 "), "{gone}");
    drop(node);
    let key = file(&folder, "secret-key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = start(&folder, &[]).errors().unwrap();
    assert!(said.contains("secret store `keys`: `made` stays deleted"), "{said}");
    assert!(said.contains("secret-key` can be read by others than its owner"), "{said}");
    assert!(!said.contains("admin-token`"), "{said}");
}

/// The way out is named where the manifest and a person's service want the same domain.
#[test]
fn a_persons_service_that_is_in_the_way_is_named() {
    let folder = folder(&manifest());
    let node = start(&folder, &["--dev"]);
    let banner = node.banner();
    for (method, path, form) in [
        ("POST", "/service", "name=mine&type=vcl"),
        ("POST", "/service/mine/version/1/domain", "name=wanted.localhost"),
        ("POST", "/service/mine/version/1/backend", "name=o&address=127.0.0.1&port=9"),
        ("PUT", "/service/mine/version/1/activate", ""),
    ] {
        let answer = call(&banner, method, path, form);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    }
    drop(node);
    let wants =
        manifest().replace("\"site.localhost\"", "\"site.localhost\", \"wanted.localhost\"");
    fs::write(folder.path().join("edge.toml"), wants).unwrap();
    let said = ended(&folder, &[], 1);
    assert!(said.contains("management API: `mine`\n  hint: `--prune`"), "{said}");
    drop(start(&folder, &["--prune"]));
}
