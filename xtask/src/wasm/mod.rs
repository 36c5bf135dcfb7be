//! Programs for Fastly Compute: built, measured, and run in Viceroy, the platform's local server.

use std::fs;
use std::path::{Path, PathBuf};

mod cases;
mod compiler;
mod viceroy;

use crate::cargo::run as run_command;
use crate::failure::{Outcome, While};
use crate::flags::Wasm;
use crate::workspace::target_dir;
use crate::{say, step::Steps};

pub(crate) use self::compiler::TARGET;
use self::compiler::{Compiler, beside};

/// The example whose handlers run on both.
const EXAMPLE: &str = "portable";

/// Its handlers, each of which is a program.
const HANDLERS: [&str; 3] = ["site", "stock", "trouble"];

/// What chooses one of them.
const CHOICE: &str = "SELVEDGE_HANDLER";

/// `cargo xtask wasm`: builds small programs and says how large they are; runs them where that is asked for.
pub(crate) fn run(root: &Path, flags: &Wasm) -> Outcome {
    // Before the long build: who wants to run them should hear first that nothing can.
    let program = flags.viceroy.then(viceroy::find).transpose()?;
    let mut steps = Steps::new();
    let mut built = Vec::new();
    steps.step("build", || {
        built = programs(root)?;
        Ok(())
    })?;
    if let Some(program) = program {
        steps.step("viceroy", || cases::ask(root, &program, &built))?;
    }
    say::out(steps.summary());
    Ok(())
}

/// What continuous integration does: one program is linked, unoptimised, and the shop's handlers compile. Nothing runs.
pub(crate) fn check(root: &Path) -> Outcome {
    let mut build = Compiler::find(root)?.build(root, &target_dir(root));
    build.args(["--package", "shop", "--lib", "--package", EXAMPLE, "--bin", EXAMPLE]);
    run_command(build.env(CHOICE, HANDLERS[0]))
}

/// The same for a project of one service that was made from a template.
pub(crate) fn check_project(root: &Path, project: &Path) -> Outcome {
    let mut build = Compiler::find(root)?.build(project, &target_dir(root));
    run_command(build.arg("--bins"))
}

/// A program, and the handler that it runs.
struct Program {
    handler: &'static str,
    path: PathBuf,
}

fn programs(root: &Path) -> Outcome<Vec<Program>> {
    let (compiler, target) = (Compiler::find(root)?, target_dir(root));
    let kept = beside(&target).join("programs");
    fs::create_dir_all(&kept).or_cannot(|| format!("make `{}`", kept.display()))?;
    HANDLERS.iter().map(|handler| one(root, compiler, handler, &kept)).collect()
}

fn one(root: &Path, compiler: Compiler, handler: &'static str, kept: &Path) -> Outcome<Program> {
    let target = target_dir(root);
    let mut build = compiler.build(root, &target);
    build.args(["--profile", "wasm", "--package", EXAMPLE, "--bin", EXAMPLE]);
    run_command(build.env(CHOICE, handler))?;
    let made = beside(&target).join(TARGET).join("wasm").join(format!("{EXAMPLE}.wasm"));
    let path = kept.join(format!("{handler}.wasm"));
    let size = fs::copy(&made, &path).or_cannot(|| format!("copy `{}`", made.display()))?;
    say::out(format!("   {handler}: {} KiB", size.div_ceil(1024)));
    Ok(Program { handler, path })
}
