//! Placeholders, names, and files that stay behind.

use std::fs;
use std::path::Path;

use super::make;
use super::settings::Settings;
use super::values::Values;

fn values() -> Values {
    Values::new("my-edge", Path::new("/src/selvedge")).unwrap()
}

#[test]
fn placeholders() {
    let table = [
        ("plain { text }", Ok("plain { text }")),
        ("{{project-name}}", Ok("my-edge")),
        ("use {{ crate_name }}::x;", Ok("use my_edge::x;")),
        ("{{selvedge_path}}/{{project-name}}", Ok("/src/selvedge/my-edge")),
        ("{{project_name}}", Err("project_name")),
        ("{{unfinished", Err("{{")),
    ];
    for (text, expected) in table {
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(values().fill(text), expected, "{text}");
    }
}

#[test]
fn names_of_projects() {
    for good in ["a", "my-edge", "edge2"] {
        assert!(Values::new(good, Path::new("/s")).is_ok(), "{good}");
    }
    for bad in ["", "2edge", "My", "a_b", "a b", "-a", "a-", "test", "é", &"a".repeat(64)] {
        assert!(Values::new(bad, Path::new("/s")).is_err(), "{bad}");
    }
}

#[test]
fn names_that_cannot_be_built_say_why() {
    for (name, why) in [
        ("self", "a word of Rust"),
        ("crate", "a word of Rust"),
        ("async", "a word of Rust"),
        ("gen", "a word of Rust"),
        ("selvedge", "a crate that the project uses"),
        ("selvedge-testkit", "a crate that the project uses"),
        ("tokio", "a crate that the project uses"),
        ("xtask", "a crate that the project uses"),
        ("proc-macro", "a crate that the project uses"),
        ("deps", "a folder that cargo builds in"),
    ] {
        let refused = Values::new(name, Path::new("/s")).unwrap_err();
        assert!(refused.what.ends_with(why), "{name}: {}", refused.what);
        assert!(refused.hint.is_some(), "{name}");
    }
}

#[test]
fn no_project_is_called_like_what_it_depends_on() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = 0;
    for template in super::all(root).unwrap() {
        let manifest = root.join("templates").join(template).join("Cargo.toml");
        for name in dependencies(&fs::read_to_string(manifest).unwrap()) {
            assert!(Values::new(&name, Path::new("/s")).is_err(), "{name}");
            found += 1;
        }
    }
    assert!(found >= 4, "only {found} dependencies were found");
}

/// The names in the sections of a `Cargo.toml` that list dependencies.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut listed = false;
    let names = manifest.lines().filter_map(|line| {
        if line.starts_with('[') {
            listed = line.ends_with("dependencies]");
        }
        let (name, _) = line.split_once(" =").filter(|_| listed)?;
        Some(name.to_owned())
    });
    names.collect()
}

#[test]
fn ignored_paths() {
    let settings = Settings::parse(
        "[template]\ndescription = \"x\"\nignore = [\n  \"target\",\n  \"docs/x.md\",\n]\n[a]\nb = [\"c\"]\n",
    );
    for (path, ignored) in [("target/a", true), ("docs/x.md", true), ("c", false), ("src", false)] {
        assert_eq!(settings.ignores(Path::new(path)), ignored, "{path}");
    }
    assert!(!Settings::parse("[template]").ignores(Path::new("target")));
}

#[test]
fn a_project_is_made_once_and_over_nothing() {
    let root = tempfile::tempdir().unwrap();
    let template = root.path().join("templates/tiny");
    fs::create_dir_all(template.join("target")).unwrap();
    fs::write(template.join("cargo-generate.toml"), "ignore = [\"target\"]").unwrap();
    fs::write(template.join("target/x"), "").unwrap();
    fs::write(template.join("README.md"), "# {{project-name}}").unwrap();
    let dir = root.path().join("made");
    make(root.path(), "tiny", &dir, &values()).unwrap();
    assert_eq!(fs::read_to_string(dir.join("README.md")).unwrap(), "# my-edge");
    assert!(!dir.join("target").exists() && !dir.join("cargo-generate.toml").exists());

    let again = make(root.path(), "tiny", &dir, &values()).unwrap_err();
    assert!(again.what.ends_with("exists and is not empty"), "{}", again.what);
    let other = make(root.path(), "tinny", &dir, &values()).unwrap_err();
    assert_eq!(other.hint.as_deref(), Some("did you mean `tiny`?"));
}
