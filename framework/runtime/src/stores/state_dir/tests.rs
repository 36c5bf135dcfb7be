use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use selvedge_model::name::{StoreKind, StoreName};

use super::{StateDir, StateDirError, file_name};

fn name(text: &str) -> StoreName {
    StoreName::new(StoreKind::Secret, text).unwrap()
}

fn generated(state: &StateDir, store: &str, key: &str) -> String {
    let secret = state.generated(&name(store), key, 32).unwrap();
    String::from_utf8(secret.plaintext().to_vec()).unwrap()
}

#[test]
fn one_node_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/state");
    let first = StateDir::open(&path).unwrap();
    let error = StateDir::open(&path).unwrap_err();
    assert!(matches!(error, StateDirError::InUse { .. }), "{error:?}");
    let expected = format!(
        "state directory `{}` is in use by another node\n  hint: `--state-dir DIR` chooses another one",
        path.display()
    );
    assert_eq!(error.to_string(), expected);
    drop(first);
    assert_eq!(StateDir::open(&path).unwrap().kv_path(), path.join("kv.redb"));
}

#[test]
fn a_path_that_is_no_folder_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = StateDir::open(file.path()).unwrap_err();
    assert!(matches!(error, StateDirError::Io { .. }), "{error:?}");
    assert!(error.to_string().contains(&file.path().display().to_string()), "{error}");
}

#[test]
fn generated_secrets_are_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let (first, token) = {
        let state = StateDir::open(folder.path()).unwrap();
        (generated(&state, "s", "1"), state.admin_token().unwrap())
    };
    assert_eq!(first.len(), 64);
    assert!(first.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{first}");
    let state = StateDir::open(folder.path()).unwrap();
    assert_eq!(generated(&state, "s", "1"), first);
    assert_eq!(state.admin_token().unwrap().plaintext(), token.plaintext());
    assert_eq!(token.plaintext().len(), 64);
    let others = ["s/2", "t/1"].map(|place| place.split_once('/').unwrap());
    let all: BTreeSet<_> =
        others.iter().map(|(store, key)| generated(&state, store, key)).chain([first]).collect();
    assert_eq!(all.len(), 3);
}

#[test]
fn callers_at_once_get_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let state = Arc::new(StateDir::open(folder.path()).unwrap());
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let state = Arc::clone(&state);
            std::thread::spawn(move || generated(&state, "s", "k"))
        })
        .collect();
    let made: BTreeSet<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(made.len(), 1);
}

#[test]
fn a_damaged_secret_is_refused_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateDir::open(folder.path()).unwrap();
    let path = folder.path().join("admin-token");
    for text in ["", "abc", "ABCD", "hello!"] {
        fs::write(&path, text).unwrap();
        let error = state.admin_token().unwrap_err();
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    fs::write(&path, "abcd\n").unwrap();
    assert_eq!(state.admin_token().unwrap().plaintext(), b"abcd");
    state.generated(&name("s"), "nothing", 0).unwrap_err();
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let state = StateDir::open(&path).unwrap();
    generated(&state, "s", "k");
    state.admin_token().unwrap();
    for (file, expected) in [
        ("", 0o700),
        ("lock", 0o600),
        ("admin-token", 0o600),
        ("generated", 0o700),
        ("generated/s", 0o700),
        ("generated/s/k", 0o600),
    ] {
        assert_eq!(mode(&path.join(file)), expected, "{file}");
    }
    assert_eq!(fs::read_dir(path.join("generated/s")).unwrap().count(), 1, "no draft is left");
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn names_never_share_a_file() {
    let long = "a".repeat(255);
    let longer = format!("{}b", "a".repeat(254));
    let loud = "A".repeat(255);
    let names =
        ["a", "A", ".", "..", "a.b", "a%2eb", "a~", "a b", "a/b", "é", &long, &longer, &loud];
    let paths: BTreeSet<_> = names.iter().map(|name| file_name::parts(name).join("/")).collect();
    assert_eq!(paths.len(), names.len());
    for part in names.iter().flat_map(|name| file_name::parts(name)) {
        assert!(part.len() <= 201 && part != "." && part != ".." && !part.contains('/'), "{part}");
    }
    assert_eq!(file_name::parts("edge-auth_1"), ["edge-auth_1"]);
    assert_eq!(file_name::parts(".A"), ["%2e%41"]);
}

#[test]
fn long_names_are_kept_too() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateDir::open(folder.path()).unwrap();
    let long = "A".repeat(255);
    let first = generated(&state, &long, &long);
    assert_eq!(generated(&state, &long, &long), first);
    assert_ne!(generated(&state, &long, "A"), first);
}
