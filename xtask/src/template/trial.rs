//! Tries every template as a new user would: make a project, test it, check its manifest, compile it for wasm.

use std::path::Path;
use std::process::Command;

use super::{Values, all, make};
use crate::cargo::{cargo, run as run_command};
use crate::failure::{Outcome, While};
use crate::say;
use crate::wasm;
use crate::workspace::target_dir;

/// Makes, tests and checks a project from each template.
pub(crate) fn try_all(root: &Path) -> Outcome {
    all(root)?.iter().try_for_each(|template| try_one(root, template))
}

fn try_one(root: &Path, template: &str) -> Outcome {
    say::note(format!("template `{template}`"));
    // Outside of the repository, so that nothing of it is found by accident.
    let dir = tempfile::tempdir().or_cannot(|| "make a temporary directory".into())?;
    let project = dir.path().join(template);
    make(root, template, &project, &Values::new(&format!("my-{template}"), root)?)?;
    let steps: [&[&str]; 4] = [
        &["fmt", "--check"],
        &["test", "--workspace"],
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        &["xtask", "check", "--deny-warnings"],
    ];
    steps.iter().try_for_each(|words| run_command(inside(root, &project).args(*words)))?;
    wasm::check_project(root, &project)
}

/// cargo in the project, with what the repository has built already.
fn inside(root: &Path, project: &Path) -> Command {
    let mut command = cargo(project);
    command.env("CARGO_TARGET_DIR", target_dir(root));
    command
}
