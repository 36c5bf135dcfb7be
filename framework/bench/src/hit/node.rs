//! The stock binary as a child process, with one delivery service in front of our origin.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use crate::Outcome;

/// The host name of the service.
pub(crate) const HOST: &str = "bench.localhost";

/// A node that serves; it is ended when this is dropped.
pub(crate) struct Node {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    child: Child,
    /// Manifest and state; removed at the end.
    _dir: TempDir,
}

impl Node {
    /// Starts it and waits until it serves.
    pub(crate) fn start(binary: &Path, origin: SocketAddr) -> Outcome<Self> {
        let dir = TempDir::new()?;
        let config = dir.path().join("edge.toml");
        std::fs::write(&config, manifest(origin))?;
        let mut command = Command::new(binary);
        command.arg("serve").arg("--config").arg(&config);
        command.arg("--state-dir").arg(dir.path().join("state"));
        command.args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let address = child.stdout.take().ok_or("no output to read").map(wait_until_it_serves);
        match address {
            Ok(Ok(address)) => Ok(Self { address, child, _dir: dir }),
            Ok(Err(error)) => {
                end(&mut child);
                Err(error)
            }
            Err(error) => {
                end(&mut child);
                Err(error.into())
            }
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        end(&mut self.child);
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

fn end(child: &mut Child) {
    let id = rustix::process::Pid::from_child(child);
    // It may have ended already.
    let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    let _ = child.wait();
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
url = "http://{origin}"
"#
    )
}
