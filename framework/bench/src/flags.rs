//! The command line of the measurements that ask for one thing in rounds.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};

use crate::Outcome;

/// What to measure, and for how long.
pub struct Flags {
    /// The stock binary.
    pub selvedge: PathBuf,
    /// How many rounds, at least one.
    pub rounds: usize,
    /// How long each takes.
    pub round: Duration,
    /// How many clients there are.
    pub connections: usize,
}

/// Reads `--selvedge PATH [--rounds N] [--seconds S] [--connections N]`.
///
/// # Errors
/// For what it does not know, and where no binary is named.
pub fn parse() -> Outcome<Flags> {
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
