//! What tests bring forth, kept for whoever searches it after the run: answers, logs, what nodes say and leave behind.
//!
//! `cargo xtask test` says by a variable where it goes, and searches all of it for the secrets that tests seed. Without
//! the variable nothing is kept. What a test writes itself is no product: a manifest, and files named `*.given`.

use std::{
    env,
    fmt::Debug,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use tempfile::TempDir;

/// The variable that names the folder for it.
pub const VARIABLE: &str = "SELVEDGE_PRODUCED";

/// Of one piece so much is kept.
const MOST: usize = 1024 * 1024;

/// One piece is written after the other.
static TURN: Mutex<()> = Mutex::new(());

/// Keeps what was produced.
pub fn keep(what: &[u8]) {
    let Some(folder) = place() else { return };
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    // What is not kept is not found, and the search knows how much it must find.
    let _ = append(&folder.join(format!("{}.txt", std::process::id())), what);
}

/// Keeps what it prints as.
pub fn keep_debug(what: &impl Debug) {
    if place().is_some() {
        keep(format!("{what:?}").as_bytes());
    }
}

/// A folder for a test. It goes with the value, or after the search.
///
/// # Errors
/// Where none can be made.
pub fn folder() -> io::Result<TempDir> {
    match place() {
        None => TempDir::new(),
        Some(place) => {
            let all = place.join("left");
            fs::create_dir_all(&all)?;
            tempfile::Builder::new().disable_cleanup(true).tempdir_in(all)
        }
    }
}

fn place() -> Option<PathBuf> {
    env::var_os(VARIABLE).map(PathBuf::from)
}

fn append(path: &std::path::Path, what: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(what.get(..MOST).unwrap_or(what))?;
    file.write_all(b"\n")
}
