//! The words of `cargo xtask new`.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser};

use super::Task;
use super::words::{next, text, unknown_flag};
use crate::failure::{Failure, Outcome};

/// `cargo xtask new`: a project from a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct New {
    pub(crate) template: String,
    pub(crate) dir: PathBuf,
    pub(crate) name: Option<String>,
}

/// Reads the words after `cargo xtask new`.
pub(super) fn parse(parser: &mut Parser) -> Outcome<Task> {
    let (mut values, mut name) = (Vec::new(), None);
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("name") => name = Some(text(parser)?),
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            Arg::Value(word) => values.push(word),
            other => return Err(unknown_flag(&other, &["name", "help"])),
        }
    }
    let [template, dir] = <[OsString; 2]>::try_from(values).map_err(|_| {
        Failure::new("`new` takes a template and a directory")
            .hint("for example `cargo xtask new hello ../my-edge`")
    })?;
    let template = template.to_string_lossy().into_owned();
    Ok(Task::New(New { template, dir: dir.into(), name }))
}
