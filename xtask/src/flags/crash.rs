//! The flags of `cargo xtask crash`.

use lexopt::{Arg, Parser};

use super::Task;
use super::words::{next, text, unknown_flag};
use crate::failure::Outcome;

/// `cargo xtask crash`: how many kills, and which run to repeat.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Crash {
    pub(crate) kills: Option<String>,
    pub(crate) seed: Option<String>,
}

/// Reads the words after `cargo xtask crash`.
pub(super) fn parse(parser: &mut Parser) -> Outcome<Task> {
    let mut crash = Crash::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("kills") => crash.kills = Some(text(parser)?),
            Arg::Long("seed") => crash.seed = Some(text(parser)?),
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["kills", "seed", "help"])),
        }
    }
    Ok(Task::Crash(crash))
}
