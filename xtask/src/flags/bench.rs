//! `cargo xtask bench`: what is measured, and how.

use std::ffi::OsString;

use lexopt::{Arg, Parser};

use super::Task;
use super::words::{list, next, text, unknown_flag};
use crate::failure::{Failure, Outcome};

/// What `cargo xtask bench` measures.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bench {
    All,
    Hit,
    Chain,
    Handler,
    Tests,
    Build,
    Cache(Cache),
    Kv(Kv),
}

/// `cargo xtask bench kv`: how many keys, and on which disk.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kv {
    pub(crate) keys: Option<String>,
    pub(crate) dir: Option<String>,
}

/// `cargo xtask bench cache`: which cases, all without one, whether briefly, and whether clients of hits sleep
/// while nothing has come, as they do elsewhere, though then servers spend time on waking them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cache {
    pub(crate) cases: Vec<String>,
    pub(crate) short: bool,
    pub(crate) sleeping_clients: bool,
}

/// Reads the words after `cargo xtask bench`.
pub(super) fn parse(parser: &mut Parser) -> Outcome<Task> {
    let mut entry = Bench::All;
    while let Some(arg) = next(parser)? {
        match (arg, &mut entry) {
            (Arg::Value(word), Bench::All) if word == "hit" => entry = Bench::Hit,
            (Arg::Value(word), Bench::All) if word == "chain" => entry = Bench::Chain,
            (Arg::Value(word), Bench::All) if word == "handler" => entry = Bench::Handler,
            (Arg::Value(word), Bench::All) if word == "tests" => entry = Bench::Tests,
            (Arg::Value(word), Bench::All) if word == "build" => entry = Bench::Build,
            (Arg::Value(word), Bench::All) if word == "cache" => {
                entry = Bench::Cache(Cache::default());
            }
            (Arg::Value(word), Bench::All) if word == "kv" => entry = Bench::Kv(Kv::default()),
            (Arg::Value(word), Bench::Cache(cache)) if is_case(&word) => {
                cache.cases.push(word.to_string_lossy().into_owned());
            }
            (Arg::Value(word), Bench::Cache(_)) => {
                let what = format!("`{}` is no case of `bench cache`", word.to_string_lossy());
                return Err(Failure::new(what).hint(format!("there are {}", list(CASES, ""))));
            }
            (Arg::Value(word), _) => {
                let what = format!("`{}` is no benchmark", word.to_string_lossy());
                return Err(Failure::new(what).hint(format!("there are {}", list(BENCHES, ""))));
            }
            (Arg::Long("short"), Bench::Cache(cache)) => cache.short = true,
            (Arg::Long("sleeping-clients"), Bench::Cache(cache)) => cache.sleeping_clients = true,
            (Arg::Long("keys"), Bench::Kv(kv)) => kv.keys = Some(text(parser)?),
            (Arg::Long("dir"), Bench::Kv(kv)) => kv.dir = Some(text(parser)?),
            (Arg::Long("help") | Arg::Short('h'), _) => return Ok(Task::Help),
            (other, Bench::Kv(_)) => return Err(unknown_flag(&other, &["keys", "dir", "help"])),
            (other, Bench::Cache(_)) => return Err(unknown_flag(&other, CACHE_FLAGS)),
            (other, _) => return Err(unknown_flag(&other, &["help"])),
        }
    }
    Ok(Task::Bench(entry))
}

const BENCHES: &[&str] = &["hit", "cache", "chain", "handler", "kv", "tests", "build"];
const CASES: &[&str] = &["hits", "mixed", "scale"];
const CACHE_FLAGS: &[&str] = &["short", "sleeping-clients", "help"];

fn is_case(word: &OsString) -> bool {
    CASES.iter().any(|case| word == case)
}
