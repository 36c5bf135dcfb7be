//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};

use selvedge_bench::Outcome;

/// What to measure, and for how long.
pub(crate) struct Flags {
    pub(crate) selvedge: PathBuf,
    pub(crate) rounds: usize,
    pub(crate) round: Duration,
    pub(crate) connections: usize,
}

/// Reads `--selvedge PATH [--rounds N] [--seconds S] [--connections N]`.
pub(crate) fn parse() -> Outcome<Flags> {
    let mut flags = Flags {
        selvedge: PathBuf::new(),
        rounds: 5,
        round: Duration::from_secs(2),
        connections: 32,
    };
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("selvedge") => flags.selvedge = parser.value()?.into(),
            Arg::Long("rounds") => flags.rounds = parser.value()?.parse::<usize>()?.max(1),
            Arg::Long("seconds") => {
                flags.round = Duration::try_from_secs_f64(parser.value()?.parse()?)?;
            }
            Arg::Long("connections") => {
                flags.connections = parser.value()?.parse::<usize>()?.max(1);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if flags.selvedge.as_os_str().is_empty() {
        return Err("`--selvedge` must name the stock binary; `cargo xtask bench` does it".into());
    }
    Ok(flags)
}
