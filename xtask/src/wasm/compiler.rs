//! Who compiles for wasm here, and how it is called.
//!
//! Where rustup has no standard library for the target, Debian's compiler builds one from the source that Debian ships,
//! and links with Debian's linker and C library.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{cargo, cargo_at, read};
use crate::failure::{Failure, Outcome};

/// What Fastly Compute runs.
pub(crate) const TARGET: &str = "wasm32-wasip1";

/// Where Debian's packages put them.
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-19";
const DEBIAN_START: &str = "/usr/lib/wasm32-wasi/crt1-command.o";

const DEBIAN_LINKING: [&str; 2] = [
    r#"target.wasm32-wasip1.linker="wasm-ld-19""#,
    concat!(
        r#"target.wasm32-wasip1.rustflags=["-Clink-self-contained=no","-Clinker-flavor=wasm-ld","#,
        r#""-L/usr/lib/wasm32-wasi","-Clink-arg=/usr/lib/wasm32-wasi/crt1-command.o"]"#
    ),
];

/// Who can compile for the target.
#[derive(Clone, Copy)]
pub(crate) enum Compiler {
    /// Ours, which has a standard library for it.
    Ours,
    /// Debian's, which builds one.
    Debian,
}

impl Compiler {
    /// The one that is here.
    pub(crate) fn find(root: &Path) -> Outcome<Self> {
        let mut ask = Command::new("rustc");
        ask.current_dir(root).args(["--print", "target-libdir", "--target", TARGET]);
        if Path::new(read(&mut ask)?.trim()).is_dir() {
            return Ok(Self::Ours);
        }
        let needed = [DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_SOURCE, DEBIAN_LINKER, DEBIAN_START];
        if needed.iter().all(|path| Path::new(path).exists()) {
            return Ok(Self::Debian);
        }
        Err(Failure::new(format!("no compiler here has a standard library for {TARGET}")).hint(
            format!(
                "`rustup target add {TARGET}`, or on Debian: `apt-get install rustc-web cargo-web \
                 rust-web-src lld-19 wasi-libc`"
            ),
        ))
    }

    /// `cargo build` for the target, in `dir`, for a workspace that keeps what it builds under `target`.
    pub(crate) fn build(self, dir: &Path, target: &Path) -> Command {
        let mut build = match self {
            Self::Ours => cargo(dir),
            Self::Debian => debian(dir),
        };
        build.args(["build", "--target", TARGET]).arg("--target-dir").arg(beside(target));
        if let Self::Debian = self {
            build.arg("-Zbuild-std=std,panic_abort");
            build.args(DEBIAN_LINKING.iter().flat_map(|config| ["--config", config]));
        }
        build
    }
}

/// Debian's cargo. Its standard library is built with the handlers, for which there is an unstable
/// flag only.
fn debian(dir: &Path) -> Command {
    let mut command = cargo_at(DEBIAN_CARGO.as_ref(), dir);
    command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Apart from the others: another compiler would make cargo forget what it knows of ours.
pub(crate) fn beside(target: &Path) -> PathBuf {
    target.join("wasm")
}
