//! The command line.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use selvedge_bench::Outcome;

/// How much, and where.
pub(crate) struct Flags {
    pub(crate) keys: usize,
    pub(crate) dir: Option<PathBuf>,
}

/// Reads `[--keys N] [--dir DIR]`. `--selvedge PATH`, which other benchmarks need, counts for nothing here.
pub(crate) fn parse() -> Outcome<Flags> {
    let mut flags = Flags { keys: 100_000, dir: None };
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("keys") => flags.keys = parser.value()?.parse::<usize>()?.max(1),
            Arg::Long("dir") => flags.dir = Some(parser.value()?.into()),
            Arg::Long("selvedge") => drop(parser.value()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(flags)
}
