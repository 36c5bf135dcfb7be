//! What every task's flags are read with, and what is said of a word that nobody knows.

use std::net::SocketAddr;

use lexopt::{Arg, Parser, ValueExt};

use super::{Side, Task};
use crate::failure::{Failure, Outcome};

/// The next word, or none when there are no more.
pub(super) fn next(parser: &mut Parser) -> Outcome<Option<Arg<'_>>> {
    parser.next().map_err(|error| Failure::new(error.to_string()))
}

/// The value of the flag that was read last.
pub(super) fn text(parser: &mut Parser) -> Outcome<String> {
    parser.value().and_then(ValueExt::string).map_err(|error| Failure::new(error.to_string()))
}

/// The value of `flag` as an address.
pub(super) fn address(parser: &mut Parser, flag: &str) -> Outcome<SocketAddr> {
    let text = text(parser)?;
    text.parse().map_err(|_| {
        Failure::new(format!("`{flag}` needs an address and a port, not `{text}`"))
            .hint("for example `127.0.0.1:7676`; port 0 picks a free one")
    })
}

/// A task without flags.
pub(super) fn bare(parser: &mut Parser, task: Task) -> Outcome<Task> {
    match next(parser)? {
        None => Ok(task),
        Some(Arg::Long("help") | Arg::Short('h')) => Ok(Task::Help),
        Some(other) => Err(unknown_flag(&other, &["help"])),
    }
}

/// A project is one package: it has no examples to choose from.
pub(super) fn of_side<'a>(side: Side, flags: &'a [&'a str]) -> &'a [&'a str] {
    match side {
        Side::Repo => flags,
        Side::Project => &flags[1..],
    }
}

/// What is said of a flag that is none of `known`.
pub(super) fn unknown_flag(arg: &Arg<'_>, known: &[&str]) -> Failure {
    match arg {
        Arg::Long(flag) => {
            let failure = Failure::new(format!("unknown flag `--{flag}`"));
            match selvedge_model::suggest::nearest(flag, known.iter().copied()) {
                Some(near) => failure.hint(format!("did you mean `--{near}`?")),
                None => failure.hint(format!("the flags are {}", list(known, "--"))),
            }
        }
        Arg::Short(letter) => Failure::new(format!("unknown flag `-{letter}`"))
            .hint(format!("the flags are {}", list(known, "--"))),
        Arg::Value(word) => {
            Failure::new(format!("unexpected argument `{}`", word.to_string_lossy()))
        }
    }
}

/// Words for an error: each in backticks, with commas between.
pub(super) fn list(words: &[&str], before: &str) -> String {
    words.iter().map(|word| format!("`{before}{word}`")).collect::<Vec<_>>().join(", ")
}
