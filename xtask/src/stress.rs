//! `cargo xtask stress`: a release node under a thousand clients, purges and faults.

use std::path::Path;
use std::process::Command;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::flags::Stress;
use crate::workspace::target_dir;

/// Builds the node and what stresses it, and runs that.
pub(crate) fn run(root: &Path, flags: &Stress) -> Outcome {
    run_command(cargo(root).args([
        "build",
        "--release",
        "--package",
        "selvedge-runtime",
        "--package",
        "selvedge-stress",
        "--bins",
    ]))?;
    let built = target_dir(root).join("release");
    let mut stress = Command::new(built.join("selvedge-stress"));
    stress.arg("--selvedge").arg(built.join("selvedge"));
    let given = [("--seconds", &flags.seconds), ("--seed", &flags.seed)];
    for (flag, value) in given {
        stress.args(value.iter().flat_map(|value| [flag, value.as_str()]));
    }
    stress.args(flags.shield.then_some("--shield"));
    run_command(&mut stress)
}
