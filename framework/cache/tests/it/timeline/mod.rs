//! Runs the timelines: each file `<topic>/<case>.txt` is a script of requests against one service and its shelf.
//!
//! ```text
//! # Any line that starts with a hash is a comment.
//! default-ttl: 60                       the service's setting, before the first request
//! 0     GET /a      => miss uri-miss stored lifetime=60
//!     > Accept: text/html               a header of the request
//!     ! pass                            said by the handler: `pass`, `cache-off` or `ttl 5`
//!     ! delay 2                         the origin takes two seconds
//!     ! body hello                      the origin's body, `hello` if not said
//!     < 404                             the origin's status, 200 if not said
//!     < Expires: @60                    a header of the origin's answer; `@N` is a date N seconds after the start
//! 12.5  GET /a      => hit age=12 ttl=47.5
//!     = Age: 12                         the answer from the cache has this header
//!     = no Connection                   and not that one
//! ```
//!
//! On the left stand seconds since the start, which is Sun, 06 Nov 1994 08:49:37 GMT. On the right stand words, all
//! of which must be among those of the outcome: `hit age= ttl= status=`, `stale <permission> age= late= status=`,
//! `miss <reason>` with either `no-store=<reason>` or
//! `stored lifetime= age= source=`, or `pass <reason>` with `removed=` if something was invalidated. The words of a
//! miss must say whether it was stored.

mod drive;
mod script;

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_timeline_holds() {
    let files = case_files();
    assert!(files.len() >= 60, "only {} timelines were found", files.len());
    let failures: Vec<String> = files.iter().flat_map(|file| run(file)).collect();
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

fn case_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/timeline");
    let topics = list(&root).into_iter().filter(|path| path.is_dir());
    let mut files: Vec<PathBuf> = topics.flat_map(|topic| list(&topic)).collect();
    files.sort();
    files
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of timelines can be read");
    entries.map(|entry| entry.expect("a folder entry").path()).collect()
}

/// Failures with file and line.
fn run(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a timeline can be read");
    let place = |(line, what)| format!("{}:{line}: {what}", file.display());
    match script::parse(&text) {
        Ok(script) => drive::failures(&script).into_iter().map(place).collect(),
        Err(failure) => vec![place(failure)],
    }
}
