//! `cargo xtask fuzz`: every parser that meets the network, on changed seeds, for so many seconds each.
//!
//! The tests are those that `cargo test` runs for a moment on the same inputs each time; here each goes on along a way that
//! begins where the clock stands. A failure shows its input, which then becomes a line of the seeds (`tests/it/corpus`).

use std::path::Path;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::flags::Fuzz;

/// What continuous integration gives each parser.
pub(crate) const SECONDS_OF_CI: u32 = 10;

/// What a person gives it who says nothing.
const SECONDS: u32 = 60;

/// Fuzzes for as long as the flags say.
pub(crate) fn run(root: &Path, flags: &Fuzz) -> Outcome {
    each(root, flags.seconds.unwrap_or(SECONDS))
}

/// Fuzzes each parser for so long; as many at once as there are cores. The whole workspace is built as for its tests.
pub(crate) fn each(root: &Path, seconds: u32) -> Outcome {
    let mut test = cargo(root);
    test.args(["test", "--workspace", "--test", "it", "fuzz::"]);
    test.env("SELVEDGE_FUZZ_SECONDS", seconds.to_string());
    run_command(&mut test)
}
