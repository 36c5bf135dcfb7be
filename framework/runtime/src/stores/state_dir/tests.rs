use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use super::{StateDir, StateDirError};

fn secret_key(state: &StateDir) -> String {
    String::from_utf8(state.secret_key().unwrap().plaintext().to_vec()).unwrap()
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
fn tokens_and_keys_are_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let (key, token) = {
        let state = StateDir::open(folder.path()).unwrap();
        (secret_key(&state), state.admin_token().unwrap())
    };
    assert_eq!(key.len(), 64);
    assert!(key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{key}");
    let state = StateDir::open(folder.path()).unwrap();
    assert_eq!(secret_key(&state), key);
    assert_eq!(state.admin_token().unwrap().plaintext(), token.plaintext());
    assert_eq!(token.plaintext().len(), 64);
    assert_ne!(token.plaintext(), key.as_bytes());
}

#[test]
fn callers_at_once_get_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let state = Arc::new(StateDir::open(folder.path()).unwrap());
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let state = Arc::clone(&state);
            std::thread::spawn(move || secret_key(&state))
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
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let state = StateDir::open(&path).unwrap();
    state.secret_key().unwrap();
    state.admin_token().unwrap();
    for (file, expected) in
        [("", 0o700), ("lock", 0o600), ("admin-token", 0o600), ("secret-key", 0o600)]
    {
        assert_eq!(mode(&path.join(file)), expected, "{file}");
    }
    assert_eq!(fs::read_dir(&path).unwrap().count(), 3, "no draft is left");
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
