//! `cargo xtask bench build`: how long a change of a hello service takes to become a program again.
//!
//! A project is made from the template, as a new user would, and built once. Then its handler is changed and built again,
//! several times. What is measured is what a person waits for: cargo, the compiler and the linker.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::cargo::{cargo, run as run_command};
use crate::failure::{Failure, Outcome, While};
use crate::say;
use crate::template::{Values, make};
use crate::workspace::target_dir;

const ROUNDS: usize = 7;
const TEMPLATE: &str = "hello";
const PROJECT: &str = "bench-hello";

/// What the template's handler says between the greeting and the place; a round says something else.
const CHANGED: &str = " from ";

/// Makes the project, builds it, and builds it again after each change.
pub(crate) fn run(root: &Path) -> Outcome {
    let dir = tempfile::tempdir().or_cannot(|| "make a temporary directory".into())?;
    let project = dir.path().join(PROJECT);
    make(root, TEMPLATE, &project, &Values::new(PROJECT, root)?)?;
    let source = project.join("src/lib.rs");
    let text = fs::read_to_string(&source).or_cannot(|| format!("read `{}`", source.display()))?;
    if !text.contains(CHANGED) {
        return Err(Failure::new(format!(
            "template `{TEMPLATE}` does not say `{CHANGED}` any more"
        )));
    }
    let first = build(root, &project)?;
    say::out(format!(
        "the first build, with what the repository had built: {:.2} s",
        seconds(first)
    ));
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let changed = text.replace(CHANGED, &format!("{CHANGED}round {round} at "));
        fs::write(&source, changed).or_cannot(|| format!("write `{}`", source.display()))?;
        rounds.push(build(root, &project)?);
    }
    say::out(summary(rounds));
    Ok(())
}

/// Builds the project's program, and says how long that took.
fn build(root: &Path, project: &Path) -> Outcome<Duration> {
    let mut build = cargo(project);
    build.args(["build", "--quiet", "--bin", PROJECT]);
    build.env("CARGO_TARGET_DIR", target_dir(root)).stdout(Stdio::null());
    let start = Instant::now();
    run_command(&mut build)?;
    Ok(start.elapsed())
}

fn summary(mut rounds: Vec<Duration>) -> String {
    rounds.sort();
    let at = |place: usize| rounds.get(place).copied().map_or(f64::NAN, seconds);
    let (min, median, max) = (at(0), at(rounds.len() / 2), at(rounds.len().saturating_sub(1)));
    format!(
        "a change of the handler, {} times: min {min:.2} s, median {median:.2} s, max {max:.2} s (aim: 3 s)",
        rounds.len()
    )
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

#[cfg(test)]
mod tests;
