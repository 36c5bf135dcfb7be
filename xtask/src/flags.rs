//! The command line: words in, a [`Task`] out. Each task's flags have a file of their own.

use std::ffi::OsString;

use lexopt::{Arg, Parser};

use crate::failure::{Failure, Outcome};

mod bench;
mod check;
mod crash;
mod dev;
mod fuzz;
mod new;
mod stress;
mod wasm;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use self::bench::{Bench, Cache, Kv};
pub(crate) use self::check::Check;
pub(crate) use self::crash::Crash;
pub(crate) use self::dev::Dev;
pub(crate) use self::fuzz::Fuzz;
pub(crate) use self::new::New;
pub(crate) use self::stress::Stress;
pub(crate) use self::wasm::Wasm;
use self::words::{bare, list, next, unknown_flag};

/// Who asks: selvedge's own repository, or a project that uses selvedge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Repo,
    Project,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Dev(Dev),
    Check(Check),
    Test,
    Ci,
    Bench(Bench),
    Stress(Stress),
    Crash(Crash),
    Fuzz(Fuzz),
    Wasm(Wasm),
    New(New),
}

const REPO_TASKS: &[&str] =
    &["dev", "check", "test", "ci", "bench", "stress", "crash", "fuzz", "wasm", "new", "help"];
const PROJECT_TASKS: &[&str] = &["dev", "check", "test", "help"];

/// Reads the words after `cargo xtask`.
pub(crate) fn parse(side: Side, words: impl IntoIterator<Item = OsString>) -> Outcome<Task> {
    let mut parser = Parser::from_args(words);
    let Some(first) = next(&mut parser)? else { return Ok(Task::Help) };
    let task = match first {
        Arg::Value(word) => word.to_string_lossy().into_owned(),
        Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
        other => return Err(unknown_flag(&other, &["help"])),
    };
    match (side, task.as_str()) {
        (_, "help") => Ok(Task::Help),
        (_, "dev") => dev::parse(side, &mut parser),
        (_, "check") => check::parse(side, &mut parser),
        (_, "test") => bare(&mut parser, Task::Test),
        (Side::Repo, "ci") => bare(&mut parser, Task::Ci),
        (Side::Repo, "bench") => bench::parse(&mut parser),
        (Side::Repo, "stress") => stress::parse(&mut parser),
        (Side::Repo, "crash") => crash::parse(&mut parser),
        (Side::Repo, "fuzz") => fuzz::parse(&mut parser),
        (Side::Repo, "wasm") => wasm::parse(&mut parser),
        (Side::Repo, "new") => new::parse(&mut parser),
        _ => Err(unknown_task(side, &task)),
    }
}

/// The text of `cargo xtask help`.
pub(crate) fn help(side: Side) -> &'static str {
    match side {
        Side::Repo => include_str!("flags/repo.txt"),
        Side::Project => include_str!("flags/project.txt"),
    }
}

fn unknown_task(side: Side, task: &str) -> Failure {
    let known = match side {
        Side::Repo => REPO_TASKS,
        Side::Project => PROJECT_TASKS,
    };
    let failure = Failure::new(format!("unknown task `{task}`"));
    match selvedge_model::suggest::nearest(task, known.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("the tasks are {}", list(known, ""))),
    }
}
