//! Searches what a test run produced for the secrets that tests seed: what they printed, what they were answered, what
//! nodes logged and said, and the state directories that they left.
//!
//! Every secret of a test contains [`SEED`], which must be nowhere. A search that looks in the wrong place would find
//! nothing either, so a test plants a text of its own in each of these places, which must be found.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome, While};
use crate::say;

/// In the secrets of tests, and nowhere else.
const SEED: &str = "secret-seed";

/// The ways in which bytes are shown: as they are, in hexadecimal, in base64 at each place of a group, as a list.
const FORMS: &[&str] = &[
    SEED,
    "7365637265742d73656564",
    "7365637265742D73656564",
    "c2VjcmV0LXNlZW",
    "NlY3JldC1zZWVk",
    "zZWNyZXQtc2VlZ",
    "115, 101, 99, 114, 101, 116, 45, 115, 101, 101, 100",
    "115,101,99,114,101,116,45,115,101,101,100",
];

/// What is planted, by where it must come to light.
const PLANTED: &[&str] = &[
    "planted-printed",
    "planted-answered",
    "planted-logged",
    "planted-said",
    "planted-left",
    "planted-debug",
];

/// Searches a folder; every place with a secret is named, and so is what was planted and not found.
pub(super) fn all(folder: &Path) -> Outcome {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let mut found = Found { seeds: Vec::new(), planted: vec![false; PLANTED.len()], bytes: 0 };
    for file in &files {
        let bytes = fs::read(file).or_cannot(|| format!("read `{}`", file.display()))?;
        found.look(&file.strip_prefix(folder).unwrap_or(file).display().to_string(), &bytes);
    }
    let mib = found.bytes / (1024 * 1024);
    say::out(format!("{} files with {mib} MiB were searched", files.len()));
    found.judge()
}

/// All files; but not those that a test wrote for a node to read.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    let entries = fs::read_dir(folder).or_cannot(|| format!("list `{}`", folder.display()))?;
    for entry in entries {
        let path = entry.or_cannot(|| format!("list `{}`", folder.display()))?.path();
        let is_given = path.file_name().is_some_and(|name| name == "edge.toml")
            || path.extension().is_some_and(|it| it == "given");
        // What a link leads to is found where it lies.
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_dir() => collect(&path, files)?,
            Ok(about) if about.is_file() && !is_given => files.push(path),
            _ => {}
        }
    }
    Ok(())
}

struct Found {
    /// Where, and in which form.
    seeds: Vec<String>,
    planted: Vec<bool>,
    bytes: usize,
}

impl Found {
    fn look(&mut self, name: &str, bytes: &[u8]) {
        // What is searched for is ASCII, which stays as it is.
        let text = String::from_utf8_lossy(bytes);
        self.bytes += bytes.len();
        for form in FORMS.iter().filter(|form| text.contains(**form)) {
            self.seeds.push(format!("`{name}` has `{form}`{}", around(&text, form)));
        }
        for (planted, is_found) in PLANTED.iter().zip(&mut self.planted) {
            *is_found |= text.contains(planted);
        }
    }

    fn judge(&self) -> Outcome {
        let missed = PLANTED.iter().zip(&self.planted).filter(|(_, is_found)| !**is_found);
        let missed = missed.map(|(planted, _)| format!("`{planted}` was planted and is not found"));
        let wrong: Vec<_> = self.seeds.iter().cloned().chain(missed).collect();
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(Failure::new(wrong.join("\n  "))
                .hint("a secret of a test, which contains the seed, must come to light nowhere")),
        }
    }
}

/// The line that it stands in, as far as that helps.
fn around(text: &str, form: &str) -> String {
    let line = text.lines().find(|line| line.contains(form)).unwrap_or_default();
    match line.len() {
        1..=300 => format!(": {}", line.escape_debug()),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
