//! Varnish with its cache in memory; its manager and its worker are both on the servers' core.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::child::{Server, folder, free_address};
use crate::cores::Core;

const CONFIG: &str = include_str!("peers/default.vcl");

/// The largest cache, and enough threads that no connection waits for one. `vsl_mask` is left
/// alone: Varnish logs to shared memory, which is in memory here, and nobody reads it.
const WORDS: &[&str] = &[
    "-F",
    "-T",
    "none",
    "-j",
    "none",
    "-s",
    "malloc,4g",
    "-p",
    "thread_pools=1",
    "-p",
    "thread_pool_min=100",
];

/// Starts it and waits until it listens.
///
/// # Errors
/// Where it ends instead.
pub fn start(binary: &Path, origin: SocketAddr, core: Option<Core>) -> Outcome<Server> {
    let (folder, address) = (folder()?, free_address()?);
    let config = CONFIG.replace("{host}", &origin.ip().to_string());
    let place = folder.path().join("default.vcl");
    std::fs::write(&place, config.replace("{port}", &origin.port().to_string()))?;
    let mut command = Command::new(binary);
    command.args(WORDS).arg("-a").arg(address.to_string());
    command.arg("-f").arg(place).arg("-n").arg(folder.path().join("work"));
    Server::start(command.stderr(Stdio::null()), core, address, folder)
}
