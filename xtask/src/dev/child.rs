//! A child process that cannot be left behind: it ends with the value that holds it.
//!
//! Every child leads a process group of its own, so that Ctrl-C in the terminal reaches dev alone,
//! which then ends the children in order, and so that what a child starts (rustc, a linker) ends
//! with it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::cargo::shown;
use crate::failure::{Outcome, While};
use crate::say;

/// How long a child may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(12);

/// How often a child that was asked to end is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// A process.
pub(crate) struct Child {
    process: std::process::Child,
    status: Option<ExitStatus>,
}

/// Starts a process in a group of its own.
pub(crate) fn spawn(command: &mut Command) -> Outcome<Child> {
    let started = command.stdin(Stdio::null()).process_group(0).spawn();
    let process = started.or_cannot(|| format!("start `{}`", shown(command)))?;
    Ok(Child { process, status: None })
}

impl Child {
    pub(crate) fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.process.stdout.take()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = self.process.try_wait().unwrap_or(None);
        }
        self.status
    }

    /// Asks it to end, waits, and kills it if it does not.
    pub(crate) fn stop(&mut self) {
        self.signal(Signal::TERM);
        let deadline = Instant::now() + PATIENCE;
        while self.ended().is_none() && Instant::now() < deadline {
            std::thread::sleep(GLANCE);
        }
        self.signal(Signal::KILL);
        if self.status.is_none() {
            self.status = self.process.wait().ok();
        }
    }

    fn signal(&mut self, signal: Signal) {
        // The id of a process that was waited for may already belong to another one.
        if self.ended().is_none() {
            // It may end by itself at this very moment.
            let _ = kill_process_group(Pid::from_child(&self.process), signal);
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A process that serves: its output is passed on, and one line of it says that it is ready.
pub(crate) struct Server {
    child: Child,
    ready: Receiver<()>,
    reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts it; a line that begins with `ready_line` says that it serves.
    pub(crate) fn start(command: &mut Command, ready_line: &'static str) -> Outcome<Self> {
        let mut child = spawn(command.stdout(Stdio::piped()))?;
        let (tell, ready) = channel();
        let reader = child.take_stdout().map(|stdout| {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    if line.starts_with(ready_line) {
                        // Nobody listens any more when the server is being replaced.
                        let _ = tell.send(());
                    }
                    say::out(line);
                }
            })
        });
        Ok(Self { child, ready, reader })
    }

    /// Whether it said since the last question that it is ready.
    pub(crate) fn got_ready(&self) -> bool {
        self.ready.try_recv().is_ok()
    }

    /// How it ended, if it did, after all that it printed.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.ended()?;
        if let Some(reader) = self.reader.take() {
            // A reader that panicked has nothing more to print.
            drop(reader.join());
        }
        Some(status)
    }

    /// As [`Child::stop`].
    pub(crate) fn stop(&mut self) {
        self.child.stop();
    }
}
