//! What people type: `cargo xtask dev`, `test`, `ci`, `bench`, `fuzz`, `new`, `check`.
//!
//! A project that was made from a template has an `xtask` of one line, which calls [`project`]; the
//! repository of selvedge itself calls [`repo`], which knows more tasks. This crate starts other
//! programs (cargo, a node) and watches them; it links neither the runtime nor an async reactor, so
//! that the first `cargo xtask` on a fresh machine answers within seconds.

use std::process::ExitCode;

mod bench;
mod cargo;
mod check;
mod ci;
mod crash;
mod dev;
mod failure;
mod flags;
mod flood;
mod fuzz;
mod manifest;
mod need;
mod new;
mod say;
mod step;
mod stress;
mod template;
mod test;
mod wasm;
mod workspace;

use crate::failure::Outcome;
use crate::flags::{Side, Task};

/// Every task, for the repository of selvedge itself.
#[must_use]
pub fn repo() -> ExitCode {
    main(Side::Repo)
}

/// The tasks of a project that uses selvedge: `dev`, `test` and `check`.
#[must_use]
pub fn project() -> ExitCode {
    main(Side::Project)
}

fn main(side: Side) -> ExitCode {
    let done = flags::parse(side, std::env::args_os().skip(1)).and_then(|task| run(side, task));
    match done {
        Ok(code) => code,
        Err(failure) => {
            say::error(&failure);
            ExitCode::FAILURE
        }
    }
}

fn run(side: Side, task: Task) -> Outcome<ExitCode> {
    if matches!(task, Task::Help) {
        say::out(flags::help(side));
        return Ok(ExitCode::SUCCESS);
    }
    let root = workspace::root()?;
    match task {
        Task::Help => Ok(()),
        Task::Dev(flags) => return dev::run(side, &root, &flags),
        Task::Check(flags) => check::run(side, &root, &flags),
        Task::Test => test::run(side, &root),
        Task::Ci => ci::run(&root),
        Task::Bench(entry) => bench::run(&root, &entry),
        Task::Stress(flags) => stress::run(&root, &flags),
        Task::Crash(flags) => crash::run(&root, &flags),
        Task::Flood(flags) => flood::run(&root, &flags),
        Task::Fuzz(flags) => fuzz::run(&root, &flags),
        Task::Wasm(flags) => wasm::run(&root, &flags),
        Task::New(flags) => new::run(&root, &flags),
    }
    .map(|()| ExitCode::SUCCESS)
}

/// The program's arguments as the parsers want them, for tests.
#[cfg(test)]
fn words(text: &str) -> Vec<std::ffi::OsString> {
    text.split_whitespace().map(std::ffi::OsString::from).collect()
}
