//! `cargo xtask check`: the manifest, checked by the binary that has the handlers.

use std::path::Path;
use std::process::Command;

use crate::cargo::run as run_command;
use crate::dev::build;
use crate::failure::Outcome;
use crate::flags::{Check, Side};
use crate::workspace;

/// Builds the node and lets it check the manifest; without handlers it would know half of it.
pub(crate) fn run(side: Side, root: &Path, flags: &Check) -> Outcome {
    let package =
        workspace::package(side, root, flags.example.as_deref(), flags.manifest.as_deref())?;
    let binaries = build::now(&package)?;
    let mut check = Command::new(binaries.node);
    check.arg("check").arg("--config").arg(&package.manifest);
    if flags.deny_warnings {
        check.arg("--deny-warnings");
    }
    run_command(&mut check)
}
