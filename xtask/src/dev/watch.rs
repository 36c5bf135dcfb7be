//! Notices changed sources by looking at them.
//!
//! A few hundred files are looked at three times a second, which costs a few milliseconds. A library
//! of change notices would be quicker to notice, but differs from system to system, loses events on
//! network and container file systems, and is a larger dependency than this file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

#[cfg(test)]
mod tests;

/// How often the sources are looked at; a change counts once a look finds nothing newer.
pub(crate) const EVERY: Duration = Duration::from_millis(300);

/// Kinds of file that a build reads.
const KINDS: &[&str] = &["rs", "toml"];

/// What is watched: every source below a folder, and some files wherever they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) root: PathBuf,
    pub(crate) files: Vec<PathBuf>,
}

/// When each file was written, and how long it is.
pub(crate) type Look = BTreeMap<PathBuf, (SystemTime, u64)>;

/// Looks again and again and tells when something changed and came to rest.
#[derive(Debug)]
pub(crate) struct Watch {
    last: Look,
    restless: Option<PathBuf>,
}

impl Watch {
    /// Starts from how things are.
    pub(crate) fn new(now: Look) -> Self {
        Self { last: now, restless: None }
    }

    /// Watches other files from now on, which is no change by itself.
    pub(crate) fn learn(&mut self, old: &[PathBuf], new: &[PathBuf]) {
        self.last.retain(|path, _| !old.contains(path) || new.contains(path));
        let mut found = Look::new();
        new.iter().for_each(|file| note(file, &mut found));
        for (path, stamp) in found {
            self.last.entry(path).or_insert(stamp);
        }
    }

    /// Takes another look; answers the first file of a change that has come to rest.
    pub(crate) fn see(&mut self, now: Look) -> Option<PathBuf> {
        match difference(&self.last, &now) {
            Some(path) => {
                self.last = now;
                self.restless.get_or_insert(path);
                None
            }
            None => self.restless.take(),
        }
    }
}

/// Looks at everything watched.
pub(crate) fn look(watched: &Watched) -> Look {
    let mut look = Look::new();
    walk(&watched.root, &mut look);
    for file in &watched.files {
        note(file, &mut look);
    }
    look
}

fn difference(old: &Look, new: &Look) -> Option<PathBuf> {
    let changed = new.iter().find(|(path, stamp)| old.get(*path) != Some(stamp));
    let gone = || old.keys().find(|path| !new.contains_key(*path));
    changed.map(|(path, _)| path).or_else(gone).cloned()
}

fn walk(dir: &Path, look: &mut Look) {
    // A folder that vanished while we looked is a change like any other.
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            if !is_left_out(&path) {
                walk(&path, look);
            }
        } else if path.extension().is_some_and(|ext| KINDS.iter().any(|kind| ext == *kind)) {
            note(&path, look);
        }
    }
}

/// Hidden folders hold tools' data and our state; a folder with cargo's tag holds what it built.
fn is_left_out(dir: &Path) -> bool {
    let hidden = dir.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    hidden || dir.join("CACHEDIR.TAG").exists()
}

fn note(path: &Path, look: &mut Look) {
    if let Ok(meta) = path.metadata() {
        let written = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        look.insert(path.to_path_buf(), (written, meta.len()));
    }
}
