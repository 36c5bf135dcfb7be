//! The flags of `cargo xtask check`.

use std::path::PathBuf;

use lexopt::{Arg, Parser};

use super::words::{next, of_side, text, unknown_flag};
use super::{Side, Task};
use crate::failure::Outcome;

/// `cargo xtask check`: the manifest, checked by the binary that has the handlers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) example: Option<String>,
    pub(crate) manifest: Option<PathBuf>,
    pub(crate) deny_warnings: bool,
}

/// Reads the words after `cargo xtask check`.
pub(super) fn parse(side: Side, parser: &mut Parser) -> Outcome<Task> {
    const REPO: &[&str] = &["example", "manifest", "deny-warnings", "help"];
    let mut check = Check::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("example") if side == Side::Repo => check.example = Some(text(parser)?),
            Arg::Long("manifest") => check.manifest = Some(text(parser)?.into()),
            Arg::Long("deny-warnings") => check.deny_warnings = true,
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, of_side(side, REPO))),
        }
    }
    Ok(Task::Check(check))
}
