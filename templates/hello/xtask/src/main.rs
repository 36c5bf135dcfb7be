//! `cargo xtask dev`, `test` and `check`.

use std::process::ExitCode;

fn main() -> ExitCode {
    selvedge_xtask::project()
}
