//! Looks at a folder that changes.

use std::fs;
use std::path::PathBuf;

use super::{Watch, Watched, look};

fn sample() -> (tempfile::TempDir, Watched) {
    let dir = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("Cargo.toml", "[package]"),
        ("src/lib.rs", "pub fn a() {}"),
        ("notes.txt", "x"),
        ("target/out.rs", "x"),
        ("target/CACHEDIR.TAG", "x"),
        (".selvedge/state.toml", "x"),
        ("data/seed.json", "{}"),
    ] {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let files = vec![dir.path().join("data/seed.json")];
    let watched = Watched { root: dir.path().to_path_buf(), files };
    (dir, watched)
}

#[test]
fn only_sources_are_seen() {
    let (dir, watched) = sample();
    let seen: Vec<PathBuf> = look(&watched).into_keys().collect();
    let expected = ["Cargo.toml", "data/seed.json", "src/lib.rs"].map(|file| dir.path().join(file));
    assert_eq!(seen, expected);
}

#[test]
fn a_change_counts_when_it_rests() {
    let (dir, watched) = sample();
    let mut watch = Watch::new(look(&watched));
    let source = dir.path().join("src/lib.rs");
    assert_eq!(watch.see(look(&watched)), None);
    fs::write(&source, "pub fn longer() {}").unwrap();
    assert_eq!(watch.see(look(&watched)), None);
    fs::write(&source, "pub fn longer_still() {}").unwrap();
    assert_eq!(watch.see(look(&watched)), None);
    assert_eq!(watch.see(look(&watched)), Some(source));
    assert_eq!(watch.see(look(&watched)), None);
}

#[test]
fn a_new_file_and_a_lost_file_are_changes() {
    let (dir, watched) = sample();
    let mut watch = Watch::new(look(&watched));
    let new = dir.path().join("src/new.rs");
    fs::write(&new, "").unwrap();
    assert_eq!(watch.see(look(&watched)), None);
    assert_eq!(watch.see(look(&watched)), Some(new.clone()));
    fs::remove_file(&new).unwrap();
    assert_eq!(watch.see(look(&watched)), None);
    assert_eq!(watch.see(look(&watched)), Some(new));
}

#[test]
fn another_list_of_files_is_no_change() {
    let (dir, mut watched) = sample();
    let mut watch = Watch::new(look(&watched));
    let notes = vec![dir.path().join("notes.txt")];
    watch.learn(&watched.files, &notes);
    watched.files = notes;
    assert_eq!(watch.see(look(&watched)), None);
    assert_eq!(watch.see(look(&watched)), None);
}
