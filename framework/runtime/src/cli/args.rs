//! The arguments, as typed.

mod explain;
mod values;

use std::{net::SocketAddr, path::PathBuf};

use lexopt::{Arg, Parser, ValueExt};
use selvedge_account::Apply;
use selvedge_model::suggest::nearest;

pub(super) use self::explain::ExplainArgs;
use self::values::{bytes, parsed, seconds, value};
use crate::serve::Uploads;

pub(super) const HELP: &str = "\
usage: serve --config edge.toml [options]    run the services of an account
       check --config edge.toml [options]    report the problems of a manifest
       explain URL [options]                 say what would become of a request
       rekey [options]                       seal the secrets with another key

serve:
  --listen ADDRESS     where requests are taken (127.0.0.1:7676)
  --admin ADDRESS      where the management API listens (127.0.0.1:7677)
  --state-dir DIR      where state lies, and the admin token (.selvedge)
  --pop POP            the POP that this node belongs to (the only one)
  --shelf MIB          memory for cached objects, in MiB (the manifest's, else a
                       quarter of the memory limit, else 256)
  --adopt              the manifest replaces what was activated or deactivated
                       through the management API
  --prune              what the manifest does not declare is deleted, contents
                       included
  --plan               what the manifest would change is shown; nothing changes
  --forget-secrets     secrets whose key is lost are dropped; those that the
                       manifest declares are made anew with another key
  --forget-kv          the KV stores begin empty where their file is lost
  --upload-idle SECONDS
                       how long a client may say nothing in the middle of a
                       request's body (30)
  --upload-rate BYTES  how many bytes a second a client must send of a body, on
                       average and beyond that time (1024; 0 for any number)
  --dev                error pages for the author, a line per hop, a banner

check:
  --deny-warnings      warnings are errors

explain:
  --config PATH        the manifest (edge.toml)
  --method METHOD      the request's method (GET)
  --header 'N: v'      one of its header lines; may be given several times
  --client ADDRESS     the client's address
  --pop POP            where it enters (the manifest's, else the only one)

rekey, where no node runs:
  --state-dir DIR      where state lies (.selvedge); the new key is the variable
                       SELVEDGE_NEW_SECRET_KEY, else a new file `secret-key`";

/// Where state lies that nobody has put elsewhere.
const STATE_DIR: &str = ".selvedge";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Help,
    Version,
    Serve(ServeArgs),
    Check(CheckArgs),
    Explain(ExplainArgs),
    /// In this state directory.
    Rekey(PathBuf),
}

/// `serve`, with its defaults.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ServeArgs {
    pub(super) config: PathBuf,
    pub(super) listen: SocketAddr,
    pub(super) admin: SocketAddr,
    pub(super) state_dir: PathBuf,
    pub(super) pop: Option<String>,
    pub(super) shelf_mib: Option<u64>,
    pub(super) apply: Apply,
    pub(super) forget: Forget,
    pub(super) plan: bool,
    pub(super) uploads: Uploads,
    pub(super) dev: bool,
}

/// What is lost and shall not keep a node from starting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forget {
    /// The key of the secrets.
    pub(super) secrets: bool,
    /// The file of the KV stores.
    pub(super) kv: bool,
}

/// `check`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CheckArgs {
    pub(super) config: PathBuf,
    pub(super) deny_warnings: bool,
}

/// Reads the command line.
pub(super) fn parse(mut parser: Parser) -> Result<Command, String> {
    let command = match parser.next().map_err(text)? {
        Some(Arg::Value(word)) => word.string().map_err(text)?,
        Some(Arg::Long("help") | Arg::Short('h')) | None => return Ok(Command::Help),
        Some(Arg::Long("version") | Arg::Short('V')) => return Ok(Command::Version),
        Some(other) => return Err(other.unexpected().to_string()),
    };
    match command.as_str() {
        "serve" => serve(&mut parser),
        "check" => check(&mut parser),
        "explain" => explain::parse(&mut parser),
        "rekey" => rekey(&mut parser),
        "help" => Ok(Command::Help),
        other => Err(unknown("command", other, &["serve", "check", "explain", "rekey"])),
    }
}

/// Every command takes it, so that it stands in no list of flags; nothing else is done then.
const HELP_FLAG: &str = "help";

const SERVE_FLAGS: [&str; 14] = [
    "config",
    "listen",
    "admin",
    "state-dir",
    "pop",
    "shelf",
    "adopt",
    "prune",
    "plan",
    "forget-secrets",
    "forget-kv",
    "upload-idle",
    "upload-rate",
    "dev",
];

fn serve(parser: &mut Parser) -> Result<Command, String> {
    let mut args = ServeArgs {
        config: PathBuf::from("edge.toml"),
        listen: SocketAddr::from(([127, 0, 0, 1], 7676)),
        admin: SocketAddr::from(([127, 0, 0, 1], 7677)),
        state_dir: PathBuf::from(STATE_DIR),
        pop: None,
        shelf_mib: None,
        apply: Apply::default(),
        forget: Forget::default(),
        plan: false,
        uploads: Uploads::default(),
        dev: false,
    };
    while let Some(flag) = long(parser)? {
        match flag.as_str() {
            "config" => args.config = value(parser)?.into(),
            "listen" => args.listen = parsed(parser, "listen")?,
            "admin" => args.admin = parsed(parser, "admin")?,
            "state-dir" => args.state_dir = value(parser)?.into(),
            "pop" => args.pop = Some(value(parser)?),
            "shelf" => args.shelf_mib = Some(parsed(parser, "shelf")?),
            "adopt" => args.apply.adopt = true,
            "prune" => args.apply.prune = true,
            "plan" => args.plan = true,
            "forget-secrets" => args.forget.secrets = true,
            "forget-kv" => args.forget.kv = true,
            "upload-idle" => args.uploads.idle = seconds(parser, "upload-idle")?,
            "upload-rate" => args.uploads.least = bytes(parser, "upload-rate")?,
            "dev" => args.dev = true,
            HELP_FLAG => return Ok(Command::Help),
            other => return Err(unknown("flag", other, &SERVE_FLAGS)),
        }
    }
    if args.plan && args.forget != Forget::default() {
        return Err("`--plan` changes nothing, and to forget something does".to_owned());
    }
    Ok(Command::Serve(args))
}

fn check(parser: &mut Parser) -> Result<Command, String> {
    let mut args = CheckArgs { config: PathBuf::from("edge.toml"), deny_warnings: false };
    while let Some(flag) = long(parser)? {
        match flag.as_str() {
            "config" => args.config = value(parser)?.into(),
            "deny-warnings" => args.deny_warnings = true,
            HELP_FLAG => return Ok(Command::Help),
            other => return Err(unknown("flag", other, &["config", "deny-warnings"])),
        }
    }
    Ok(Command::Check(args))
}

fn rekey(parser: &mut Parser) -> Result<Command, String> {
    let mut state_dir = PathBuf::from(STATE_DIR);
    while let Some(flag) = long(parser)? {
        match flag.as_str() {
            "state-dir" => state_dir = value(parser)?.into(),
            HELP_FLAG => return Ok(Command::Help),
            other => return Err(unknown("flag", other, &["state-dir"])),
        }
    }
    Ok(Command::Rekey(state_dir))
}

/// The next flag by its long name, however it was typed.
fn long(parser: &mut Parser) -> Result<Option<String>, String> {
    match parser.next().map_err(text)? {
        Some(Arg::Long(name)) => Ok(Some(name.to_owned())),
        Some(Arg::Short('h')) => Ok(Some(HELP_FLAG.to_owned())),
        Some(other) => Err(other.unexpected().to_string()),
        None => Ok(None),
    }
}

fn unknown(what: &str, given: &str, known: &[&str]) -> String {
    match nearest(given, known.iter().copied()) {
        Some(near) => format!("unknown {what} `{given}`; did you mean `{near}`?"),
        None => format!("unknown {what} `{given}`; there are {}", known.join(", ")),
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
