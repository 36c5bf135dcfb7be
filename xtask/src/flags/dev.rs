//! The flags of `cargo xtask dev`.

use std::net::SocketAddr;
use std::path::PathBuf;

use lexopt::{Arg, Parser};

use super::words::{address, next, of_side, text, unknown_flag};
use super::{Side, Task};
use crate::failure::{Failure, Outcome};

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

/// Reads the words after `cargo xtask dev`.
pub(super) fn parse(side: Side, parser: &mut Parser) -> Outcome<Task> {
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
