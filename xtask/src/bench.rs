//! `cargo xtask bench`: builds the release binaries and lets `selvedge-bench` measure them.

use std::path::Path;
use std::process::Command;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::flags::Bench;
use crate::workspace::target_dir;

/// Runs the benchmarks that were asked for; today there is one.
pub(crate) fn run(root: &Path, entry: Bench) -> Outcome {
    match entry {
        Bench::All | Bench::Hit => hit(root),
    }
}

/// A cache hit through the stock binary, beside a bare hyper server with the same bytes.
fn hit(root: &Path) -> Outcome {
    run_command(cargo(root).args([
        "build",
        "--release",
        "--package",
        "selvedge-runtime",
        "--package",
        "selvedge-bench",
        "--bins",
    ]))?;
    let built = target_dir(root).join("release");
    let mut bench = Command::new(built.join("bench-hit"));
    bench.arg("--selvedge").arg(built.join("selvedge"));
    run_command(&mut bench)
}
