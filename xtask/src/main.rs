//! The door of `cargo xtask` in this repository.

use std::process::ExitCode;

fn main() -> ExitCode {
    selvedge_xtask::repo()
}
