//! The flags of `cargo xtask wasm`.

use lexopt::{Arg, Parser};

use super::Task;
use super::words::{next, unknown_flag};
use crate::failure::Outcome;

/// `cargo xtask wasm`: whether the programs are run, too.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wasm {
    pub(crate) viceroy: bool,
}

/// Reads the words after `cargo xtask wasm`.
pub(super) fn parse(parser: &mut Parser) -> Outcome<Task> {
    let mut wasm = Wasm::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("viceroy") => wasm.viceroy = true,
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["viceroy", "help"])),
        }
    }
    Ok(Task::Wasm(wasm))
}
