//! The stock binary, as a node in front of the origin.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use crate::child::{Server, end, folder, spawn};
use crate::cores::Core;
use crate::{HOST, Outcome};

/// Starts a node with one delivery service and so much memory for objects, and waits until it serves.
///
/// # Errors
/// Where it ends instead.
pub fn start(
    binary: &Path,
    origin: SocketAddr,
    shelf_mib: u64,
    core: Option<Core>,
) -> Outcome<Server> {
    start_with(binary, &manifest(origin), shelf_mib, core)
}

/// The same with a manifest of one's own.
///
/// # Errors
/// Where it ends instead.
pub fn start_with(
    binary: &Path,
    manifest: &str,
    shelf_mib: u64,
    core: Option<Core>,
) -> Outcome<Server> {
    let folder = folder()?;
    let config = folder.path().join("edge.toml");
    std::fs::write(&config, manifest)?;
    let mut command = Command::new(binary);
    command.arg("serve").arg("--config").arg(&config);
    command.arg("--state-dir").arg(folder.path().join("state"));
    command.args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    command.arg("--shelf").arg(shelf_mib.to_string());
    let mut child = spawn(command.stdout(Stdio::piped()), core)?;
    let said = child.stdout.take().ok_or("no output to read");
    match said.map_err(Into::into).and_then(wait_until_it_serves) {
        Ok(address) => Ok(Server::of(child, address, folder)),
        Err(error) => {
            end(&mut child);
            Err(error)
        }
    }
}

/// Reads up to the ready line, and goes on reading so that the node never waits for us.
fn wait_until_it_serves(stdout: ChildStdout) -> Outcome<SocketAddr> {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next().transpose()? {
        if let Some(address) = line.strip_prefix("serving on http://") {
            let address = address.trim_end_matches('/').parse()?;
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(address);
        }
    }
    Err("the node ended before it served".into())
}

fn manifest(origin: SocketAddr) -> String {
    format!(
        r#"manifest_version = 1
name = "bench"

[pops.LHR]

[services.bench]
type = "delivery"
domains = ["{HOST}"]

[services.bench.backends.origin]
max_connections = 0
url = "http://{origin}"
"#
    )
}
