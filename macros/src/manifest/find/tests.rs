//! A workspace in a temporary folder: which of its manifests is in force where.

use std::{fs, path::Path};

use super::nearest_in;

/// A workspace `shop` with the package `shop/front`, and a manifest in each of these folders.
fn workspace(manifests: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("shop/front/src/inner")).unwrap();
    fs::write(dir.path().join("shop/Cargo.toml"), "[workspace]\n").unwrap();
    fs::write(dir.path().join("shop/front/Cargo.toml"), "[package]\n").unwrap();
    for folder in manifests {
        fs::write(dir.path().join(folder).join("edge.toml"), *folder).unwrap();
    }
    dir
}

/// The folder of the manifest that is found for a source file; without one, for the package.
fn found(dir: &Path, source: Option<&str>) -> Option<String> {
    let source = source.map(|file| dir.join(file));
    nearest_in(&dir.join("shop/front"), source.as_deref()).map(|found| found.text)
}

#[test]
fn the_nearest_is_in_force() {
    let source = Some("shop/front/src/inner/lib.rs");
    let mut manifests = vec!["shop", "shop/front", "shop/front/src/inner"];
    while let Some(nearest) = manifests.last() {
        assert_eq!(found(workspace(&manifests).path(), source).as_deref(), Some(*nearest));
        manifests.pop();
    }
    assert_eq!(found(workspace(&[]).path(), source), None);
}

#[test]
fn nothing_above_the_workspace_is_looked_at() {
    let dir = workspace(&["."]);
    assert_eq!(found(dir.path(), Some("shop/front/src/lib.rs")), None);
    assert_eq!(found(dir.path(), None), None);
}

#[test]
fn a_package_without_a_workspace_is_alone() {
    let dir = workspace(&["shop"]);
    fs::remove_file(dir.path().join("shop/Cargo.toml")).unwrap();
    assert_eq!(found(dir.path(), Some("shop/front/src/lib.rs")), None);
}

#[test]
fn without_a_source_file_it_is_the_packages() {
    assert_eq!(found(workspace(&["shop/front"]).path(), None).as_deref(), Some("shop/front"));
}

#[test]
fn a_source_from_elsewhere_brings_its_own_or_none() {
    let dir = workspace(&[".", "shop"]);
    fs::create_dir(dir.path().join("cases")).unwrap();
    assert_eq!(found(dir.path(), Some("cases/one.rs")), None);
    fs::write(dir.path().join("cases/edge.toml"), "cases").unwrap();
    assert_eq!(found(dir.path(), Some("cases/one.rs")).as_deref(), Some("cases"));
}

#[test]
fn the_path_is_absolute_for_the_compiler_to_track() {
    let dir = workspace(&["shop"]);
    let found = nearest_in(&dir.path().join("shop/front"), None).unwrap();
    assert!(Path::new(&found.path).is_absolute(), "{}", found.path);
}
