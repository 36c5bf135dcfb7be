//! Runs the commands of the README against a real node.

use std::process::Command;

use selvedge_testkit::{process::Process, readme};
use tempfile::TempDir;

#[test]
fn the_readmes_commands_print_what_it_says() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("edge.toml"), include_str!("../../edge.toml")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_portable"));
    command
        .current_dir(folder.path())
        .args(["serve", "--config", "edge.toml", "--listen", "127.0.0.1:0"])
        .args(["--admin", "127.0.0.1:0"]);
    let node = Process::start(command).unwrap().unwrap();
    let port = node.address().port();
    readme::check(
        include_str!("../../README.md"),
        folder.path(),
        &[("localhost:7676", &format!("localhost:{port}"))],
    );
}
