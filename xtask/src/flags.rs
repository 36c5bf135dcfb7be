//! The command line: words in, a [`Task`] out. Every flag is declared here; those of `bench` in a file of
//! their own.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use crate::failure::{Failure, Outcome};

mod bench;

#[cfg(test)]
mod tests;

pub(crate) use self::bench::{Bench, Cache, Kv};

/// Who asks: selvedge's own repository, or a project that uses selvedge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Repo,
    Project,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Dev(Dev),
    Check(Check),
    Test,
    Ci,
    Bench(Bench),
    Stress(Stress),
    Crash(Crash),
    Flood(Flood),
    Fuzz(Fuzz),
    Wasm(Wasm),
    New(New),
}

/// `cargo xtask dev`: every value that is not given comes from the manifest or the defaults.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dev {
    pub(crate) example: Option<String>,
    pub(crate) manifest: Option<PathBuf>,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) admin: Option<SocketAddr>,
    pub(crate) state_dir: Option<PathBuf>,
    pub(crate) pop: Option<String>,
    pub(crate) adopt: bool,
    pub(crate) prune: bool,
    pub(crate) ephemeral: bool,
    pub(crate) release: bool,
}

/// `cargo xtask check`: the manifest, checked by the binary that has the handlers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) example: Option<String>,
    pub(crate) manifest: Option<PathBuf>,
    pub(crate) deny_warnings: bool,
}

/// `cargo xtask stress`: how long, and which run to repeat.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stress {
    pub(crate) seconds: Option<String>,
    pub(crate) seed: Option<String>,
}

/// `cargo xtask crash`: how many kills, and which run to repeat.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Crash {
    pub(crate) kills: Option<String>,
    pub(crate) seed: Option<String>,
}

/// `cargo xtask flood`: how many tokens a wave has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Flood {
    pub(crate) tokens: Option<String>,
}

/// `cargo xtask fuzz`: how long each parser is tried.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fuzz {
    pub(crate) seconds: Option<u32>,
}

/// `cargo xtask wasm`: whether the programs are run, too.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wasm {
    pub(crate) viceroy: bool,
}

/// `cargo xtask new`: a project from a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct New {
    pub(crate) template: String,
    pub(crate) dir: PathBuf,
    pub(crate) name: Option<String>,
}

const REPO_TASKS: &[&str] = &[
    "dev", "check", "test", "ci", "bench", "stress", "crash", "flood", "fuzz", "wasm", "new",
    "help",
];
const PROJECT_TASKS: &[&str] = &["dev", "check", "test", "help"];

/// Reads the words after `cargo xtask`.
pub(crate) fn parse(side: Side, words: impl IntoIterator<Item = OsString>) -> Outcome<Task> {
    let mut parser = Parser::from_args(words);
    let Some(first) = next(&mut parser)? else { return Ok(Task::Help) };
    let task = match first {
        Arg::Value(word) => word.to_string_lossy().into_owned(),
        Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
        other => return Err(unknown_flag(&other, &["help"])),
    };
    match (side, task.as_str()) {
        (_, "help") => Ok(Task::Help),
        (_, "dev") => dev(side, &mut parser),
        (_, "check") => check(side, &mut parser),
        (_, "test") => bare(&mut parser, Task::Test),
        (Side::Repo, "ci") => bare(&mut parser, Task::Ci),
        (Side::Repo, "bench") => bench::parse(&mut parser),
        (Side::Repo, "stress") => stress(&mut parser),
        (Side::Repo, "crash") => crash(&mut parser),
        (Side::Repo, "flood") => flood(&mut parser),
        (Side::Repo, "fuzz") => fuzz(&mut parser),
        (Side::Repo, "wasm") => wasm(&mut parser),
        (Side::Repo, "new") => new(&mut parser),
        _ => Err(unknown_task(side, &task)),
    }
}

/// The text of `cargo xtask help`.
pub(crate) fn help(side: Side) -> &'static str {
    match side {
        Side::Repo => include_str!("flags/repo.txt"),
        Side::Project => include_str!("flags/project.txt"),
    }
}

fn dev(side: Side, parser: &mut Parser) -> Outcome<Task> {
    const REPO: &[&str] = &[
        "example",
        "manifest",
        "listen",
        "admin",
        "state-dir",
        "pop",
        "adopt",
        "prune",
        "ephemeral",
        "release",
        "help",
    ];
    let mut dev = Dev::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("example") if side == Side::Repo => dev.example = Some(text(parser)?),
            Arg::Long("manifest") => dev.manifest = Some(text(parser)?.into()),
            Arg::Long("listen") => dev.listen = Some(address(parser, "--listen")?),
            Arg::Long("admin") => dev.admin = Some(address(parser, "--admin")?),
            Arg::Long("state-dir") => dev.state_dir = Some(text(parser)?.into()),
            Arg::Long("pop") => dev.pop = Some(text(parser)?),
            Arg::Long("adopt") => dev.adopt = true,
            Arg::Long("prune") => dev.prune = true,
            Arg::Long("ephemeral") => dev.ephemeral = true,
            Arg::Long("release") => dev.release = true,
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, of_side(side, REPO))),
        }
    }
    if dev.ephemeral && dev.state_dir.is_some() {
        let what = "`--ephemeral` and `--state-dir` contradict each other";
        return Err(Failure::new(what).hint("`--ephemeral` makes a temporary state directory"));
    }
    Ok(Task::Dev(dev))
}

fn check(side: Side, parser: &mut Parser) -> Outcome<Task> {
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

fn stress(parser: &mut Parser) -> Outcome<Task> {
    let mut stress = Stress::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("seconds") => stress.seconds = Some(text(parser)?),
            Arg::Long("seed") => stress.seed = Some(text(parser)?),
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["seconds", "seed", "help"])),
        }
    }
    Ok(Task::Stress(stress))
}

fn crash(parser: &mut Parser) -> Outcome<Task> {
    let mut crash = Crash::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("kills") => crash.kills = Some(text(parser)?),
            Arg::Long("seed") => crash.seed = Some(text(parser)?),
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["kills", "seed", "help"])),
        }
    }
    Ok(Task::Crash(crash))
}

fn flood(parser: &mut Parser) -> Outcome<Task> {
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

fn fuzz(parser: &mut Parser) -> Outcome<Task> {
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

fn wasm(parser: &mut Parser) -> Outcome<Task> {
    let mut wasm = Wasm::default();
    while let Some(arg) = next(parser)? {
        match arg {
            Arg::Long("viceroy") => wasm.viceroy = true,
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(unknown_flag(&other, &["viceroy", "help"])),
        }
    }
    Ok(Task::Wasm(wasm))
}

fn new(parser: &mut Parser) -> Outcome<Task> {
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

fn bare(parser: &mut Parser, task: Task) -> Outcome<Task> {
    match next(parser)? {
        None => Ok(task),
        Some(Arg::Long("help") | Arg::Short('h')) => Ok(Task::Help),
        Some(other) => Err(unknown_flag(&other, &["help"])),
    }
}

fn next(parser: &mut Parser) -> Outcome<Option<Arg<'_>>> {
    parser.next().map_err(|error| Failure::new(error.to_string()))
}

fn text(parser: &mut Parser) -> Outcome<String> {
    parser.value().and_then(ValueExt::string).map_err(|error| Failure::new(error.to_string()))
}

fn address(parser: &mut Parser, flag: &str) -> Outcome<SocketAddr> {
    let text = text(parser)?;
    text.parse().map_err(|_| {
        Failure::new(format!("`{flag}` needs an address and a port, not `{text}`"))
            .hint("for example `127.0.0.1:7676`; port 0 picks a free one")
    })
}

/// A project is one package: it has no examples to choose from.
fn of_side<'a>(side: Side, flags: &'a [&'a str]) -> &'a [&'a str] {
    match side {
        Side::Repo => flags,
        Side::Project => &flags[1..],
    }
}

fn unknown_flag(arg: &Arg<'_>, known: &[&str]) -> Failure {
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

fn unknown_task(side: Side, task: &str) -> Failure {
    let known = match side {
        Side::Repo => REPO_TASKS,
        Side::Project => PROJECT_TASKS,
    };
    let failure = Failure::new(format!("unknown task `{task}`"));
    match selvedge_model::suggest::nearest(task, known.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("the tasks are {}", list(known, ""))),
    }
}

fn list(words: &[&str], before: &str) -> String {
    words.iter().map(|word| format!("`{before}{word}`")).collect::<Vec<_>>().join(", ")
}
