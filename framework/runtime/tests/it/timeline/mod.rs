//! The cache's timelines, played through the pipeline: the files are those of `framework/cache/tests/it/timeline`, where
//! their notation is described.
//!
//! What the pipeline shows nobody (`lifetime=`, `source=`, `late=`, `removed=`, fractions of seconds) is checked there. What a
//! handler says, and origins that take their time, have tests of their own here (`programmed`, `cache`).

mod drive;
mod manifest;
mod origin;

#[path = "../../../../cache/tests/it/timeline/expect.rs"]
mod expect;
#[expect(clippy::expect_used, reason = "a broken expectation is how a test fails")]
#[path = "../../../../cache/tests/it/timeline/script.rs"]
mod script;
#[path = "../../../../cache/tests/it/timeline/settings.rs"]
mod settings;

use std::{
    fs,
    path::{Path, PathBuf},
};

use http::{HeaderName, HeaderValue};

/// What the edge itself decides before and after the cache.
const NOT_HERE: [&str; 2] = [
    // The edge vouches for `X-Forwarded-Proto`, whatever a client says.
    "9111-4.reuse/a-rule-adds-the-scheme.txt",
    // The edge takes these fields off.
    "surrogate-control/stays-on-the-stored-answer.txt",
];

#[tokio::test]
async fn every_timeline_holds_in_the_pipeline() {
    let mut failures = Vec::new();
    let mut played = 0;
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        let script = script::parse(&text).unwrap();
        if drive::is_playable(&script) {
            played += 1;
            let place = |(line, what)| format!("{}:{line}: {what}", file.display());
            failures.extend(drive::failures(script).await.into_iter().map(place));
        }
    }
    assert!(failures.is_empty(), "{} of {played}\n{}\n", failures.len(), failures.join("\n"));
    assert!(played >= 800, "only {played} timelines were played");
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cache/tests/it/timeline");
    let folders = list(&root).into_iter().filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| list(&folder));
    let mut files: Vec<PathBuf> =
        files.filter(|file| !NOT_HERE.iter().any(|not| file.ends_with(not))).collect();
    files.sort();
    files
}

fn list(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// A header from a line such as `Vary: Accept`.
fn header(line: &str) -> (HeaderName, HeaderValue) {
    let (name, value) = line.split_once(':').unwrap();
    let name = HeaderName::from_bytes(name.trim().as_bytes()).unwrap();
    (name, HeaderValue::from_bytes(value.trim().as_bytes()).unwrap())
}
