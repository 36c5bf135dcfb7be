//! Which places a map shows, and what is said where one is gone.

use std::path::Path;

use super::{check, places};

const PAGE: &str = "\
| `of/another/table` | |

## Code map

| where | what |
|---|---|
| `a/src` | not a place: `nowhere` |
| `a/src/{b,c}.rs` | two |

## Seams

| `T` | |
";

#[test]
fn places_are_the_first_column_of_the_map() {
    let shown: Vec<String> = places(PAGE).collect();
    assert_eq!(shown, ["a/src", "a/src/b.rs", "a/src/c.rs"]);
}

#[test]
fn what_is_gone_is_named() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("a/src")).unwrap();
    std::fs::write(root.path().join("a/src/b.rs"), "").unwrap();
    std::fs::write(root.path().join("ARCHITECTURE.md"), PAGE).unwrap();
    let gone = check(root.path()).unwrap_err();
    assert_eq!(gone.what, "the code map shows `a/src/c.rs`, which is not there");
    std::fs::write(root.path().join("a/src/c.rs"), "").unwrap();
    assert_eq!(check(root.path()), Ok(()));
    std::fs::write(root.path().join("ARCHITECTURE.md"), "# Architecture\n").unwrap();
    assert_eq!(check(root.path()).unwrap_err().what, "`ARCHITECTURE.md` has no code map");
}

#[test]
fn the_map_of_this_workspace_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert_eq!(check(&root), Ok(()));
}
