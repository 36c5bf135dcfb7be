//! `cargo xtask ci`: what continuous integration runs, cheapest first; the first failure ends it.

use std::path::Path;

mod code_map;
mod fences;
mod licences;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::need;
use crate::step::Steps;
use crate::{fuzz, say, template, test, wasm};

/// Runs every step.
pub(crate) fn run(root: &Path) -> Outcome {
    need::present(need::OF_TESTS)?;
    let mut steps = Steps::new();
    let done = every(&mut steps, root);
    say::out(steps.summary());
    done
}

fn every(steps: &mut Steps, root: &Path) -> Outcome {
    steps.step("fmt", || run_command(cargo(root).args(["fmt", "--all", "--check"])))?;
    steps.step("fences", || fences::check(root))?;
    steps.step("code map", || code_map::check(root))?;
    steps.step("licences", || licences::check(root))?;
    steps.step("clippy", || clippy(root))?;
    steps.step("docs", || docs(root))?;
    steps.step("wasm", || wasm::check(root))?;
    steps.step("templates", || template::try_all(root))?;
    steps.step("fuzz", || fuzz::each(root, fuzz::SECONDS_OF_CI))?;
    // The tests come last, so that their own closing lines are the last ones to read.
    test::searched(steps, root)
}

fn clippy(root: &Path) -> Outcome {
    run_command(cargo(root).args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn docs(root: &Path) -> Outcome {
    let mut doc = cargo(root);
    doc.args(["doc", "--workspace", "--no-deps"]);
    doc.env("RUSTDOCFLAGS", "-D warnings -D rustdoc::broken_intra_doc_links");
    run_command(&mut doc)
}
