//! The node under stress: the stock binary with one delivery service.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use selvedge_testkit::process::{Ended, Process};
use tempfile::TempDir;

use crate::{Outcome, Pops, SHELF_MIB, Settings};

/// The service's domain.
pub(crate) const HOST: &str = "stress.localhost";

/// The service's name.
pub(crate) const SERVICE: &str = "stress";

/// How often another port is tried for the management API, where somebody else was faster.
const ATTEMPTS: usize = 5;

/// Where the management API listens, and what it wants to be shown.
#[derive(Clone)]
pub(crate) struct Admin {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
}

/// A running node.
pub(crate) struct Node {
    process: Process,
    admin: Admin,
    _folder: TempDir,
}

/// Lets this process and the node have enough files open.
pub(crate) fn allow_files(clients: usize) -> Outcome<()> {
    let wanted = clients as u64 * 3 + 256;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_some_and(|current| current < wanted) {
        let raised = maximum.map_or(wanted, |maximum| wanted.min(maximum));
        setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum })?;
    }
    Ok(())
}

impl Node {
    pub(crate) fn start(settings: &Settings, origin: SocketAddr) -> Outcome<Self> {
        Self::of(&settings.selvedge, &manifest(settings.pops, origin))
    }

    /// One with this manifest.
    pub(crate) fn of(binary: &Path, manifest: &str) -> Outcome<Self> {
        let folder = TempDir::new()?;
        std::fs::write(folder.path().join("edge.toml"), manifest)?;
        let mut ended = None;
        for _ in 0..ATTEMPTS {
            // The port of the management API is told to people only.
            let admin = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
            match Process::start(command(binary, folder.path(), admin))? {
                Ok(process) => {
                    let token = std::fs::read_to_string(folder.path().join("state/admin-token"))?;
                    let admin = Admin { address: admin, token: token.trim().to_owned() };
                    return Ok(Self { process, admin, _folder: folder });
                }
                Err(end) => ended = Some(end),
            }
        }
        let output = ended.map(|Ended { output, .. }| output).unwrap_or_default();
        Err(format!("the node ended before it served: {output}").into())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.process.address()
    }

    pub(crate) fn admin(&self) -> Admin {
        self.admin.clone()
    }

    /// Its resident memory.
    pub(crate) fn memory_bytes(&self) -> Outcome<u64> {
        Ok(self.process.resident_bytes()?)
    }

    /// The most that it has ever been.
    pub(crate) fn peak_memory_bytes(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        Ok(kib.ok_or("the node ended, or the system does not tell its memory")? * 1024)
    }
}

fn command(binary: &Path, folder: &Path, admin: SocketAddr) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(folder).args(["serve", "--state-dir", "state", "--listen", "127.0.0.1:0"]);
    command.args(["--pop", "LHR"]);
    command.args(["--admin", &admin.to_string(), "--shelf", &SHELF_MIB.to_string()]);
    command
}

/// How patient the node is with its origin: more than any client, so that it gives up no fetch that the origin still works
/// on, however busy the machine is.
const PATIENCE_MS: u64 = 60_000;

fn manifest(pops: Pops, origin: SocketAddr) -> String {
    let (shield_pop, shield) = match pops {
        Pops::One => ("", ""),
        Pops::Shielded => ("[pops.IAD]", "shield = \"IAD\""),
    };
    format!(
        r#"manifest_version = 1
name = "stress"

[pops.LHR]
{shield_pop}

[services.{SERVICE}]
type = "delivery"
domains = ["{HOST}"]

[services.{SERVICE}.backends.origin]
max_connections = 0
first_byte_timeout_ms = {PATIENCE_MS}
between_bytes_timeout_ms = {PATIENCE_MS}
url = "http://{origin}"
{shield}
"#
    )
}
