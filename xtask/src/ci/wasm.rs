//! Whether handlers still compile for `wasm32-wasip1`: the shop's library, a handler with KV, config
//! and backend bindings, and the SDK under it.
//!
//! It is checked, not linked: there is no entry point for wasm yet. Where rustup has no standard
//! library for the target, Debian's compiler builds one from the source that Debian ships.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{cargo, cargo_at, read, run};
use crate::failure::{Failure, Outcome};

const TARGET: &str = "wasm32-wasip1";

/// Where Debian's packages put them.
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std";

/// Who can compile for the target.
enum Compiler {
    /// Ours, which has a standard library for it.
    Ours,
    /// Debian's, which builds one.
    Debian,
}

/// Compiles the handlers.
pub(crate) fn check(root: &Path) -> Outcome {
    let compiler = compiler(root)?;
    let mut check = match compiler {
        Compiler::Ours => cargo(root),
        Compiler::Debian => debian(root),
    };
    check.args(["check", "--target", TARGET, "--package", "shop", "--lib"]);
    if let Compiler::Debian = compiler {
        check.arg("-Zbuild-std=std,panic_abort");
    }
    run(check.arg("--target-dir").arg(target_dir(root)))
}

fn compiler(root: &Path) -> Outcome<Compiler> {
    let mut ask = Command::new("rustc");
    let library =
        read(ask.current_dir(root).args(["--print", "target-libdir", "--target", TARGET]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(Compiler::Ours);
    }
    if [DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_SOURCE].iter().all(|path| Path::new(path).exists()) {
        return Ok(Compiler::Debian);
    }
    Err(Failure::new(format!("no compiler here has a standard library for {TARGET}")).hint(
        format!(
            "`rustup target add {TARGET}`, or on Debian: `apt-get install rustc-web cargo-web \
         rust-web-src`"
        ),
    ))
}

/// Debian's cargo. Its standard library is built with the handlers, for which there is an unstable
/// flag only.
fn debian(root: &Path) -> Command {
    let mut command = cargo_at(DEBIAN_CARGO.as_ref(), root);
    command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Apart from the others: another compiler would make cargo forget what it knows of ours.
fn target_dir(root: &Path) -> PathBuf {
    let shared = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    shared.unwrap_or_else(|| root.join("target")).join("wasm")
}
