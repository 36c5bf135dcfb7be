//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};
use selvedge_bench::{Outcome, load::Idle};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Hits of three sizes.
    Hits,
    /// Nine hits to one miss.
    Mixed,
    /// Hits, and memory, as the shelf fills.
    Scale,
}

/// What to measure, and for how long.
pub(crate) struct Flags {
    pub(crate) selvedge: PathBuf,
    /// Another build of it, to see what a change has changed.
    pub(crate) beside: Option<PathBuf>,
    pub(crate) rounds: usize,
    pub(crate) round: Duration,
    pub(crate) connections: usize,
    /// What clients do between answers where only hits are measured.
    pub(crate) idle: Idle,
    pub(crate) cases: Vec<Case>,
    /// How many objects are cached in the mixed case.
    pub(crate) cached: u64,
    /// How many objects there are on the fullest shelf, as a power of ten.
    pub(crate) powers: u32,
}

/// Reads `--selvedge PATH [--beside PATH] [hits|mixed|scale]... [--short] [--rounds N] [--seconds S]
/// [--connections N] [--sleeping-clients]`.
pub(crate) fn parse() -> Outcome<Flags> {
    let mut flags = Flags {
        selvedge: PathBuf::new(),
        beside: None,
        rounds: 5,
        round: Duration::from_secs(2),
        connections: 32,
        idle: Idle::Spin,
        cases: Vec::new(),
        cached: 100_000,
        powers: 6,
    };
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("selvedge") => flags.selvedge = parser.value()?.into(),
            Arg::Long("beside") => flags.beside = Some(parser.value()?.into()),
            Arg::Long("rounds") => flags.rounds = parser.value()?.parse::<usize>()?.max(1),
            Arg::Long("seconds") => {
                flags.round = Duration::try_from_secs_f64(parser.value()?.parse()?)?;
            }
            Arg::Long("connections") => {
                flags.connections = parser.value()?.parse::<usize>()?.max(1);
            }
            Arg::Long("sleeping-clients") => flags.idle = Idle::Sleep,
            Arg::Long("short") => {
                flags.round = Duration::from_millis(300);
                (flags.cached, flags.powers) = (10_000, 5);
            }
            Arg::Value(word) => flags.cases.push(case(&word.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    if flags.selvedge.as_os_str().is_empty() {
        return Err("`--selvedge` must name the stock binary; `cargo xtask bench` does it".into());
    }
    if flags.cases.is_empty() {
        flags.cases = vec![Case::Hits, Case::Mixed, Case::Scale];
    }
    Ok(flags)
}

fn case(word: &str) -> Outcome<Case> {
    match word {
        "hits" => Ok(Case::Hits),
        "mixed" => Ok(Case::Mixed),
        "scale" => Ok(Case::Scale),
        other => Err(format!("no case `{other}`; there are hits, mixed, scale").into()),
    }
}
