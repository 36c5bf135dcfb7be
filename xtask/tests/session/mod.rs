//! A dev server that a test started: what it said, what it serves, and that it ends.

#![expect(clippy::unwrap_used, reason = "what a helper of a test cannot do fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// A first build on a slow machine takes minutes.
const PATIENCE: Duration = Duration::from_secs(900);

/// How the line begins that says where a node serves.
const SERVING: &str = "serving on http://";

/// How long dev may take to end: two servers with five seconds each, and some.
const ENDING: Duration = Duration::from_secs(15);

/// This repository's xtask.
pub(crate) fn xtask() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selvedge-xtask"));
    command.env("CARGO", env!("CARGO")).env("CARGO_TARGET_DIR", target_dir());
    command.env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

/// cargo as a person at a terminal calls it, without what it told this test about its package.
pub(crate) fn cargo(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(dir).env("CARGO_TARGET_DIR", target_dir());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Where this test was built, so that what it builds is built once.
fn target_dir() -> PathBuf {
    let built = Path::new(env!("CARGO_BIN_EXE_selvedge-xtask"));
    built.ancestors().nth(2).unwrap().to_path_buf()
}

/// A running dev server; it is ended when this is dropped, also by a failed test.
pub(crate) struct Session {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Session {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        collect(child.stdout.take().unwrap(), Arc::clone(&lines));
        collect(child.stderr.take().unwrap(), Arc::clone(&lines));
        Self { child, lines }
    }

    /// Everything it printed since the start or the last `forget`.
    pub(crate) fn said(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// Counts only what is printed from now on.
    pub(crate) fn forget(&self) {
        self.lines.lock().unwrap().clear();
    }

    /// Waits until a line with this text was printed, and returns the line.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.lines.lock().unwrap().iter().find(|line| line.contains(text)).cloned();
            if let Some(line) = found {
                return line;
            }
            // Nothing rebuilds before the next edit: waiting longer would not help.
            let said = self.said();
            let failed = text == SERVING && said.contains("the build failed");
            assert!(!failed, "the build failed:\n{said}");
            assert!(alive(self.child.id()), "it ended without `{text}`:\n{}", self.said());
            assert!(Instant::now() < deadline, "no `{text}` in:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until it serves, and returns where.
    pub(crate) fn address(&self) -> String {
        self.wait_for(SERVING).trim_start_matches(SERVING).trim().to_owned()
    }

    /// Asks it to end: it must do so with success, and leave no process behind.
    pub(crate) fn end(mut self, signal: Signal) {
        let children = descendants(self.child.id());
        if cfg!(target_os = "linux") {
            assert!(!children.is_empty());
        }
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let deadline = Instant::now() + ENDING;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it did not end:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "{status}:\n{}", self.said());
        let left: Vec<_> = children.into_iter().filter(|id| alive(*id)).collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
            let _ = self.child.wait();
        }
    }
}

/// A GET on a connection of its own; head and body as they came.
pub(crate) fn get(address: &str, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn collect(from: impl Read + Send + 'static, into: Arc<Mutex<Vec<String>>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock().unwrap().push(line);
        }
    });
}

/// The processes that were started by this one, at any depth; only Linux tells.
fn descendants(id: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|child| Some((child, parent(child)?)))
        .collect();
    let mut found = vec![id];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(parents.iter().filter(|it| it.1 == parent).map(|it| it.0));
        at += 1;
    }
    found.split_off(1)
}

/// The fields of a process after its name: state, parent, and more.
fn fields(id: u32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn parent(id: u32) -> Option<u32> {
    fields(id)?.get(1)?.parse().ok()
}

/// Whether a process runs; one that ended and was not yet waited for does not.
fn alive(id: u32) -> bool {
    match fields(id) {
        Some(fields) => fields.first().is_some_and(|state| state != "Z"),
        None => !cfg!(target_os = "linux"),
    }
}
