//! Builds the package and learns from cargo where the binaries are.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use super::child::{Child, spawn};
use crate::cargo::{cargo, read};
use crate::failure::{Failure, Outcome};
use crate::workspace::Package;

#[cfg(test)]
mod tests;

/// What a build made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binaries {
    /// The node: the binary named as the package.
    pub(crate) node: PathBuf,
    /// The demo origin, `<package>-origin`, if the package has one.
    pub(crate) origin: Option<PathBuf>,
}

/// A build under way; it is ended when this is dropped.
pub(crate) struct Build {
    child: Child,
    told: Receiver<Vec<PathBuf>>,
    found: Vec<PathBuf>,
}

impl Build {
    /// Starts cargo. Its progress and errors go to the terminal, its findings to us.
    pub(crate) fn start(package: &Package, release: bool) -> Outcome<Self> {
        let mut command = command(package, release);
        let mut child = spawn(command.stdout(Stdio::piped()))?;
        let (tell, told) = channel();
        if let Some(stdout) = child.take_stdout() {
            std::thread::spawn(move || tell.send(executables(stdout)));
        }
        Ok(Self { child, told, found: Vec::new() })
    }

    /// The binaries, once the build ended.
    pub(crate) fn poll(&mut self, package: &str) -> Option<Outcome<Binaries>> {
        match self.told.try_recv() {
            Ok(found) => self.found = found,
            // Nothing more can be told: the reader is done.
            Err(TryRecvError::Disconnected) => {
                let status = self.child.ended()?;
                return Some(if status.success() {
                    pick(package, &self.found)
                } else {
                    Err(Failure::new("the build failed"))
                });
            }
            Err(TryRecvError::Empty) => {}
        }
        None
    }

    /// Ends the build early.
    pub(crate) fn stop(&mut self) {
        self.child.stop();
    }
}

/// Builds and waits, for tasks without a dev server.
pub(crate) fn now(package: &Package) -> Outcome<Binaries> {
    let told = read(&mut command(package, false))?;
    let found: Vec<PathBuf> = told.lines().filter_map(executable).collect();
    pick(&package.name, &found)
}

fn command(package: &Package, release: bool) -> Command {
    let mut command = cargo(&package.dir);
    command.args(["build", "--package", &package.name, "--bins"]);
    command.args(["--message-format", "json-render-diagnostics"]);
    if release {
        command.arg("--release");
    }
    command
}

fn executables(stdout: ChildStdout) -> Vec<PathBuf> {
    let lines = BufReader::new(stdout).lines().map_while(Result::ok);
    lines.filter_map(|line| executable(&line)).collect()
}

/// The path in a line of cargo's JSON such as `{..,"executable":"/x/target/debug/shop",..}`.
fn executable(line: &str) -> Option<PathBuf> {
    let (_, rest) = line.split_once(r#""executable":""#)?;
    let mut path = String::new();
    let mut letters = rest.chars();
    loop {
        match letters.next()? {
            '"' => return Some(path.into()),
            '\\' => path.push(letters.next()?),
            letter => path.push(letter),
        }
    }
}

fn pick(package: &str, found: &[PathBuf]) -> Outcome<Binaries> {
    let named = |name: &str| found.iter().find(|path| stem(path) == Some(name)).cloned();
    let Some(node) = named(package) else {
        let what = format!("the package `{package}` builds no binary `{package}`");
        return Err(Failure::new(what).hint("add `src/main.rs` with `selvedge::main!(...)`"));
    };
    Ok(Binaries { node, origin: named(&format!("{package}-origin")) })
}

fn stem(path: &Path) -> Option<&str> {
    path.file_stem().and_then(|stem| stem.to_str())
}
