//! The flags of `cargo xtask stress`.

use lexopt::{Arg, Parser};

use super::Task;
use super::words::{next, text, unknown_flag};
use crate::failure::Outcome;

/// `cargo xtask stress`: how long, which run to repeat, and whether there is a shield.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stress {
    pub(crate) seconds: Option<String>,
    pub(crate) seed: Option<String>,
    pub(crate) shield: bool,
}

/// Reads the words after `cargo xtask stress`.
pub(super) fn parse(parser: &mut Parser) -> Outcome<Task> {
    let mut stress = Stress::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("seconds") => stress.seconds = Some(text(parser)?),
            Arg::Long("seed") => stress.seed = Some(text(parser)?),
            Arg::Long("shield") => stress.shield = true,
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["seconds", "seed", "shield", "help"])),
        }
    }
    Ok(Task::Stress(stress))
}
