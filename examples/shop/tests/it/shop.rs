//! The shop as processes: its node and its demo origin, each on a port of its own.

use std::{path::Path, process::Command};

use selvedge_testkit::process::Process;
use tempfile::TempDir;

/// A running shop.
pub(crate) struct Shop {
    pub(crate) node: Process,
    pub(crate) origin: Process,
    pub(crate) folder: TempDir,
    more: Vec<&'static str>,
    env: Vec<(&'static str, &'static str)>,
}

impl Shop {
    pub(crate) fn start(more: &[&'static str]) -> Self {
        Self::with(more, &[], |manifest| manifest)
    }

    /// A shop whose manifest was edited.
    pub(crate) fn with(
        more: &[&'static str],
        env: &[(&'static str, &'static str)],
        edit: impl Fn(String) -> String,
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop-origin"));
        command.args(["--listen", "127.0.0.1:0"]);
        let origin = Process::start(command).unwrap().unwrap();
        let manifest = include_str!("../../edge.toml");
        let manifest = manifest.replace("127.0.0.1:9000", &origin.address().to_string());
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("edge.toml"), edit(manifest)).unwrap();
        let node = node(folder.path(), more, env);
        Self { node, origin, folder, more: more.to_vec(), env: env.to_vec() }
    }

    /// Starts the node anew on the same state.
    pub(crate) fn restart(&mut self) {
        self.node = node(self.folder.path(), &self.more, &self.env);
    }

    /// How many requests have reached the origin.
    pub(crate) fn origin_count(&self) -> u64 {
        let answer = self.origin.get("origin", "/_count", "").unwrap();
        answer.trim().rsplit('\n').next().unwrap().parse().unwrap()
    }
}

fn node(folder: &Path, more: &[&str], env: &[(&str, &str)]) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
    command
        .current_dir(folder)
        .args(["serve", "--config", "edge.toml", "--listen", "127.0.0.1:0"])
        .args(["--admin", "127.0.0.1:0"])
        .args(more)
        .envs(env.iter().copied());
    Process::start(command).unwrap().unwrap()
}
