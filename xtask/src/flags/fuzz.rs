//! The flags of `cargo xtask fuzz`.

use lexopt::{Arg, Parser};

use super::Task;
use super::words::{next, text, unknown_flag};
use crate::failure::{Failure, Outcome};

/// `cargo xtask fuzz`: how long each parser is tried.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fuzz {
    pub(crate) seconds: Option<u32>,
}

/// Reads the words after `cargo xtask fuzz`.
pub(super) fn parse(parser: &mut Parser) -> Outcome<Task> {
    let mut fuzz = Fuzz::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("seconds") => fuzz.seconds = Some(seconds(&text(parser)?)?),
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["seconds", "help"])),
        }
    }
    Ok(Task::Fuzz(fuzz))
}

fn seconds(text: &str) -> Outcome<u32> {
    match text.parse() {
        Ok(seconds) if seconds > 0 => Ok(seconds),
        _ => Err(Failure::new(format!("`--seconds` needs a number of seconds, not `{text}`"))),
    }
}
