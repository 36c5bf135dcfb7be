//! The flags of `cargo xtask flood`.

use lexopt::{Arg, Parser};

use super::Task;
use super::words::{next, text, unknown_flag};
use crate::failure::Outcome;

/// `cargo xtask flood`: how many tokens a wave has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Flood {
    pub(crate) tokens: Option<String>,
}

/// Reads the words after `cargo xtask flood`.
pub(super) fn parse(parser: &mut Parser) -> Outcome<Task> {
    let mut flood = Flood::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("tokens") => flood.tokens = Some(text(parser)?),
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["tokens", "help"])),
        }
    }
    Ok(Task::Flood(flood))
}
