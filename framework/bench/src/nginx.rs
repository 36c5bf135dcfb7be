//! nginx with `proxy_cache`, one worker, its cache in memory; `peers/nginx.conf` has the reasons.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::child::{Server, folder, free_address};
use crate::cores::Core;

const CONFIG: &str = include_str!("peers/nginx.conf");

/// Starts it and waits until it listens.
///
/// # Errors
/// Where it ends instead.
pub fn start(binary: &Path, origin: SocketAddr, core: Option<Core>) -> Outcome<Server> {
    let (folder, address) = (folder()?, free_address()?);
    let config = CONFIG.replace("{listen}", &address.to_string());
    let config = config.replace("{origin}", &origin.to_string());
    let place = folder.path().join("nginx.conf");
    std::fs::write(&place, config)?;
    let mut command = Command::new(binary);
    command.arg("-p").arg(folder.path()).arg("-c").arg(place).args(["-e", "stderr"]);
    // It warns on standard error of limits that only root may raise.
    Server::start(command.stderr(Stdio::null()), core, address, folder)
}
