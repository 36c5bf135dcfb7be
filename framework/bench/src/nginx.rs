//! nginx with `proxy_cache`, one worker, its cache in memory; `peers/nginx.conf` has the reasons.
//!
//! It is measured twice: with files kept open, which is the fastest that we know to make it, and without, as it comes.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::child::{Server, folder, free_address};
use crate::cores::Core;

const CONFIG: &str = include_str!("peers/nginx.conf");

/// What it does with the files of its cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// They stay open.
    KeptOpen,
    /// Each hit opens and closes one: what nginx does unless it is told otherwise.
    Opened,
}

impl Files {
    fn setting(self) -> &'static str {
        match self {
            Self::KeptOpen => {
                "open_file_cache max=10000 inactive=600s; open_file_cache_valid 600s;"
            }
            Self::Opened => "open_file_cache off;",
        }
    }
}

/// Starts it and waits until it listens.
///
/// # Errors
/// Where it ends instead.
pub fn start(
    binary: &Path,
    files: Files,
    origin: SocketAddr,
    core: Option<Core>,
) -> Outcome<Server> {
    let (folder, address) = (folder()?, free_address()?);
    let config = CONFIG.replace("{listen}", &address.to_string());
    let config = config.replace("{origin}", &origin.to_string());
    let config = config.replace("{files}", files.setting());
    let place = folder.path().join("nginx.conf");
    std::fs::write(&place, config)?;
    let mut command = Command::new(binary);
    command.arg("-p").arg(folder.path()).arg("-c").arg(place).args(["-e", "stderr"]);
    // It warns on standard error of limits that only root may raise.
    Server::start(command.stderr(Stdio::null()), core, address, folder)
}
