//! `cargo xtask crash`: a release build of the KV engine's writer, killed again and again.

use std::path::Path;
use std::process::Command;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::flags::Crash;
use crate::workspace::target_dir;

/// Builds the writer and what kills it, and runs that.
pub(crate) fn run(root: &Path, flags: &Crash) -> Outcome {
    let build = ["build", "--release", "--package", "selvedge-stress", "--bin", "selvedge-crash"];
    run_command(cargo(root).args(build))?;
    let mut crash = Command::new(target_dir(root).join("release").join("selvedge-crash"));
    let given = [("--kills", &flags.kills), ("--seed", &flags.seed)];
    for (flag, value) in given {
        crash.args(value.iter().flat_map(|value| [flag, value.as_str()]));
    }
    run_command(&mut crash)
}
