//! `cargo xtask test`: every test there is, and a search of all that the run produced for the secrets in it.

mod output;
mod search;

use std::path::Path;

use crate::cargo::{cargo, run as run_command};
use crate::failure::{Outcome, While};
use crate::flags::Side;
use crate::need;
use crate::step::Steps;
use crate::workspace::target_dir;
use crate::{say, template};

/// The variable that tells tests where to keep what they produce; `selvedge-testkit` reads it.
const PRODUCED: &str = "SELVEDGE_PRODUCED";

/// A project has its own tests; the repository has its templates to try besides.
pub(crate) fn run(side: Side, root: &Path) -> Outcome {
    let mut steps = Steps::new();
    match side {
        Side::Project => return run_command(cargo(root).args(["test", "--workspace"])),
        Side::Repo => {
            need::present(need::OF_TESTS)?;
            steps.step("templates", || template::try_all(root))?;
            searched(&mut steps, root)?;
        }
    }
    say::out(steps.summary());
    Ok(())
}

/// The tests of all members, their documentation's examples included; then what they produced is searched.
pub(crate) fn searched(steps: &mut Steps, root: &Path) -> Outcome {
    let produced = target_dir(root).join("produced");
    steps.step("test", || workspace(root, &produced))?;
    steps.step("secrets", || search::all(&produced))?;
    std::fs::remove_dir_all(&produced).or_cannot(|| format!("remove `{}`", produced.display()))
}

fn workspace(root: &Path, produced: &Path) -> Outcome {
    // What is left of a run that failed says nothing of this one.
    let _ = std::fs::remove_dir_all(produced);
    std::fs::create_dir_all(produced).or_cannot(|| format!("make `{}`", produced.display()))?;
    let mut tests = cargo(root);
    tests.args(["test", "--workspace", "--", "--show-output"]).env(PRODUCED, produced);
    output::kept(&mut tests, &produced.join("output.txt"))
}
