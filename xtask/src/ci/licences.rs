//! Every dependency must be under a permissive licence.
//!
//! Only what this machine's target and the handlers' wasm need is looked at; a dependency for another
//! system is looked at where it is built.

use std::path::Path;

use crate::cargo::{cargo, read};
use crate::failure::{Failure, Outcome};
use crate::wasm;

#[cfg(test)]
mod tests;

const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks every dependency of every member, those of build scripts and tests included.
pub(crate) fn check(root: &Path) -> Outcome {
    let here = listed(root, &["--workspace"])?;
    let wasm = listed(root, &["--package", "selvedge", "--target", wasm::TARGET])?;
    let mut bad: Vec<String> = here.lines().chain(wasm.lines()).filter_map(refusal).collect();
    bad.sort();
    bad.dedup();
    if bad.is_empty() { Ok(()) } else { Err(Failure::new(bad.join("\n  "))) }
}

fn listed(root: &Path, which: &[&str]) -> Outcome<String> {
    read(cargo(root).args(["tree", "--prefix", "none", "--format", "{p}|{l}"]).args(which))
}

fn refusal(line: &str) -> Option<String> {
    // cargo marks a package that it has listed already.
    let line = line.trim().trim_end_matches(" (*)");
    let (package, licence) = line.split_once('|')?;
    match permissive(licence) {
        Verdict::Permissive => None,
        Verdict::Other => {
            Some(format!("`{package}` is under `{licence}`, which is not permissive"))
        }
        Verdict::Unreadable => {
            Some(format!("`{package}` has no licence that can be read: `{licence}`"))
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Permissive,
    Other,
    Unreadable,
}

/// Judges an SPDX expression; `/` is the old way to write OR.
fn permissive(expression: &str) -> Verdict {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words };
    match reader.any_of() {
        Some(true) if reader.words.is_empty() => Verdict::Permissive,
        Some(false) if reader.words.is_empty() => Verdict::Other,
        _ => Verdict::Unreadable,
    }
}

/// Reads `any = all {OR all}`, `all = one {AND one}`, `one = "(" any ")" | id [WITH exception]`.
struct Reader<'a> {
    words: &'a [&'a str],
}

impl Reader<'_> {
    fn any_of(&mut self) -> Option<bool> {
        let mut good = self.all_of()?;
        while self.take("OR") {
            good |= self.all_of()?;
        }
        Some(good)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut good = self.one()?;
        while self.take("AND") {
            good &= self.one()?;
        }
        Some(good)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let good = self.any_of()?;
            return self.take(")").then_some(good);
        }
        let good = self.licence()?;
        if self.take("WITH") {
            // An exception only adds permissions.
            self.licence()?;
        }
        Some(good)
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.first() == Some(&word);
        if there {
            self.words = &self.words[1..];
        }
        there
    }

    fn licence(&mut self) -> Option<bool> {
        let (first, rest) = self.words.split_first()?;
        if matches!(*first, "OR" | "AND" | "WITH" | "(" | ")") {
            return None;
        }
        self.words = rest;
        Some(PERMISSIVE.contains(first))
    }
}
