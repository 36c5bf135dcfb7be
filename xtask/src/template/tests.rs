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
