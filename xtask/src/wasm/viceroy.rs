//! Viceroy: found, or named with the way to install it; started, and ended when it is dropped.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, Outcome, While};
use crate::say;

/// The version that the programs were tried with.
const VERSION: &str = "0.16.5";

/// What it says before its address.
const LISTENING: &str = "Listening on http://";

/// The one that `VICEROY` names, else the one on the `PATH`.
pub(super) fn find() -> Outcome<PathBuf> {
    let named = std::env::var_os("VICEROY").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut known =
        named.into_iter().chain(std::env::split_paths(&path).map(|dir| dir.join("viceroy")));
    known.find(|program| program.is_file()).ok_or_else(|| {
        Failure::new("`viceroy` is not here; nothing was run").hint(format!(
            "`cargo install viceroy --version {VERSION} --locked` (minutes), or name it in the environment variable \
             `VICEROY`"
        ))
    })
}

/// A running one, on a port of its own choice.
pub(super) struct Server {
    child: Child,
    /// Where it listens: `127.0.0.1:40123`.
    pub(super) address: String,
}

impl Server {
    pub(super) fn start(viceroy: &Path, config: &Path, wasm: &Path) -> Outcome<Self> {
        let mut command = Command::new(viceroy);
        command.args(["serve", "--addr", "127.0.0.1:0", "--unknown-import-behavior", "trap"]);
        command.arg("-C").arg(config).arg(wasm);
        command.env("RUST_LOG", "viceroy=info,viceroy_lib=info").env("NO_COLOR", "1");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .or_cannot(|| format!("start `{}`", viceroy.display()))?;
        let told = child.stdout.take();
        let mut server = Self { child, address: String::new() };
        let mut lines = BufReader::new(told.ok_or_else(|| silent(wasm))?).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| address(&line));
        server.address = address.ok_or_else(|| silent(wasm))?;
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| say::note(format!("   {line}")))
        });
        Ok(server)
    }
}

fn silent(wasm: &Path) -> Failure {
    Failure::new(format!("viceroy does not serve `{}`", wasm.display()))
}

fn address(line: &str) -> Option<String> {
    let rest = line.split_once(LISTENING)?.1;
    let end = rest.find(|one: char| !one.is_ascii_digit() && !".:".contains(one));
    Some(rest[..end.unwrap_or(rest.len())].to_owned())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn it_says_where_it_listens() {
        let told = "INFO Listening on http://127.0.0.1:40123\u{1b}[0m";
        assert_eq!(address(told).as_deref(), Some("127.0.0.1:40123"));
        assert_eq!(address("INFO Adding origin stock"), None);
    }
}
