//! A server as a child process, with a folder of its own in memory.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::Outcome;
use crate::cores::{Busy, Core, family, pin};

/// A server that takes longer to listen has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// The pause between two looks whether it listens.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A running server. It is told to end, and its folder is removed, when the value is dropped.
pub struct Server {
    /// Where it takes requests.
    pub address: SocketAddr,
    child: Child,
    _folder: TempDir,
}

impl Server {
    /// Takes over a child that has said where it listens.
    #[must_use]
    pub fn of(child: Child, address: SocketAddr, folder: TempDir) -> Self {
        Self { address, child, _folder: folder }
    }

    /// Starts a program that is to listen on `address`, and waits until it does.
    ///
    /// # Errors
    /// Where it ends instead, or takes too long.
    pub fn start(
        command: &mut Command,
        core: Option<Core>,
        address: SocketAddr,
        folder: TempDir,
    ) -> Outcome<Self> {
        command.stdout(Stdio::null());
        let mut server = Self::of(spawn(command, core)?, address, folder);
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            let program = command.get_program();
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("{program:?} ended before it served: {status}").into());
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("{program:?} does not listen on {address}").into());
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(server)
    }

    /// Its processes' computing time.
    #[must_use]
    pub fn busy(&self) -> Busy {
        Busy::Tree(Pid::from_child(&self.child))
    }

    /// Its processes' resident memory in bytes, pages that they share counted for each.
    #[must_use]
    pub fn resident_bytes(&self) -> u64 {
        let root = Pid::from_child(&self.child).as_raw_nonzero().get();
        family(root).into_iter().filter_map(resident).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Starts a child on one core.
///
/// # Errors
/// Where the system refuses.
pub fn spawn(command: &mut Command, core: Option<Core>) -> Outcome<Child> {
    command.stdin(Stdio::null());
    // A child inherits the core of the thread that starts it; this one is there for nothing else.
    let spawned =
        thread::scope(|scope| scope.spawn(|| pin(core).and_then(|()| Ok(command.spawn()?))).join());
    spawned.map_err(|_| "the thread that starts a child panicked")?
}

/// Tells a child to end, and waits for it.
pub fn end(child: &mut Child) {
    // It may have ended already.
    let _ = kill_process(Pid::from_child(child), Signal::TERM);
    let _ = child.wait();
}

/// A folder in memory where the system has such a place, so that no server waits for a disk.
///
/// # Errors
/// Where none can be made.
pub fn folder() -> Outcome<TempDir> {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    Ok(tempfile::Builder::new().prefix("selvedge-bench-").tempdir_in(place)?)
}

/// An address that nobody listens on now.
///
/// # Errors
/// Where there is none.
pub fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// A program, also in the folders of system programs, which are not on every user's path.
#[must_use]
pub fn program(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(Into::into);
    std::env::split_paths(&path)
        .chain(system)
        .map(|folder| folder.join(name))
        .find(|it| it.is_file())
}

fn resident(id: i32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
