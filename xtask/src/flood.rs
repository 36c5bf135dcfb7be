//! `cargo xtask flood`: a release node whose chain guard is sent a million captured tokens.

use std::path::Path;
use std::process::Command;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::flags::Flood;
use crate::workspace::target_dir;

/// Builds the node and what floods it, and runs that.
pub(crate) fn run(root: &Path, flags: &Flood) -> Outcome {
    let packages = ["--package", "selvedge-runtime", "--package", "selvedge-stress"];
    let bins = ["--bin", "selvedge", "--bin", "selvedge-flood"];
    run_command(cargo(root).args(["build", "--release"]).args(packages).args(bins))?;
    let built = target_dir(root).join("release");
    let mut flood = Command::new(built.join("selvedge-flood"));
    flood.arg("--selvedge").arg(built.join("selvedge"));
    flood.args(flags.tokens.iter().flat_map(|tokens| ["--tokens", tokens.as_str()]));
    run_command(&mut flood)
}
