//! `cargo xtask test`: every test there is.

use std::path::Path;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::flags::Side;
use crate::need;
use crate::step::Steps;
use crate::{say, template};

/// A project has its own tests; the repository has its templates to try besides.
pub(crate) fn run(side: Side, root: &Path) -> Outcome {
    let mut steps = Steps::new();
    match side {
        Side::Project => return workspace(root),
        Side::Repo => {
            need::present(need::OF_TESTS)?;
            steps.step("templates", || template::try_all(root))?;
            steps.step("test", || workspace(root))?;
        }
    }
    say::out(steps.summary());
    Ok(())
}

/// The tests of all members, their documentation's examples included.
pub(crate) fn workspace(root: &Path) -> Outcome {
    run_command(cargo(root).args(["test", "--workspace"]))
}
