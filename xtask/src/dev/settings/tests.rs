//! Which of flag, manifest and default wins.

use std::path::{Path, PathBuf};

use selvedge_model::manifest;
use selvedge_model::name::PopName;

use super::{arguments, state_dir};
use crate::flags::Dev;

fn line(flags: &Dev, dev: &manifest::Dev) -> String {
    let words = arguments(flags, dev, Path::new("/p/edge.toml"), Path::new("/s"));
    words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn written() -> manifest::Dev {
    manifest::Dev {
        listen: Some("127.0.0.1:8000".parse().unwrap()),
        admin: None,
        state_dir: Some("state".into()),
        pop: Some(PopName::new("LHR").unwrap()),
    }
}

fn nothing() -> manifest::Dev {
    manifest::Dev { listen: None, admin: None, state_dir: None, pop: None }
}

#[test]
fn flags_then_manifest_then_defaults() {
    let flags = Dev { listen: Some("127.0.0.1:0".parse().unwrap()), ..Dev::default() };
    assert_eq!(
        line(&Dev::default(), &nothing()),
        "serve --dev --config /p/edge.toml --listen 127.0.0.1:7676 --admin 127.0.0.1:7677 \
         --state-dir /s"
    );
    assert_eq!(
        line(&Dev::default(), &written()),
        "serve --dev --config /p/edge.toml --listen 127.0.0.1:8000 --admin 127.0.0.1:7677 \
         --state-dir /s --pop LHR"
    );
    assert!(line(&flags, &written()).contains("--listen 127.0.0.1:0 "));
    let flags = Dev { adopt: true, prune: true, ..Dev::default() };
    assert!(line(&flags, &nothing()).ends_with("--state-dir /s --adopt --prune"));
}

#[test]
fn state_lies_beside_the_manifest_unless_a_flag_says_otherwise() {
    let path = Path::new("/p/edge.toml");
    let flags = Dev { state_dir: Some("/elsewhere".into()), ..Dev::default() };
    let table = [
        (Dev::default(), nothing(), "/p/.selvedge"),
        (Dev::default(), written(), "/p/state"),
        (flags, written(), "/elsewhere"),
    ];
    for (flags, dev, expected) in table {
        assert_eq!(state_dir(&flags, &dev, path), Ok(PathBuf::from(expected)));
    }
}
