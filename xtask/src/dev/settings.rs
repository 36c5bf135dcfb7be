//! What the node is started with: flags win over the manifest's `[dev]`, which wins over defaults.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use selvedge_model::manifest;

use crate::failure::{Outcome, While};
use crate::flags::Dev;

#[cfg(test)]
mod tests;

const LISTEN: &str = "127.0.0.1:7676";
const ADMIN: &str = "127.0.0.1:7677";
const STATE_DIR: &str = ".selvedge";

/// The arguments of the node's `serve`.
pub(crate) fn arguments(
    flags: &Dev,
    dev: &manifest::Dev,
    path: &Path,
    state_dir: &Path,
) -> Vec<OsString> {
    let either = |flag: Option<String>, written: Option<String>| flag.or(written);
    let listen = either(flags.listen.map(|it| it.to_string()), dev.listen.map(|it| it.to_string()));
    let admin = either(flags.admin.map(|it| it.to_string()), dev.admin.map(|it| it.to_string()));
    let pop = either(flags.pop.clone(), dev.pop.as_ref().map(ToString::to_string));
    let mut words: Vec<OsString> = vec!["serve".into(), "--dev".into()];
    let mut flag = |name: &str, value: OsString| words.extend([name.into(), value]);
    flag("--config", path.into());
    flag("--listen", listen.unwrap_or_else(|| LISTEN.into()).into());
    flag("--admin", admin.unwrap_or_else(|| ADMIN.into()).into());
    flag("--state-dir", state_dir.into());
    if let Some(pop) = pop {
        flag("--pop", pop.into());
    }
    let asked = [("--adopt", flags.adopt), ("--prune", flags.prune)];
    words.extend(asked.into_iter().filter(|(_, asked)| *asked).map(|(flag, _)| flag.into()));
    words
}

/// Where state lies: a flag is relative to the current directory, the manifest to its own folder.
pub(crate) fn state_dir(flags: &Dev, dev: &manifest::Dev, path: &Path) -> Outcome<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new("."));
    match (&flags.state_dir, &dev.state_dir) {
        (Some(flag), _) => std::path::absolute(flag)
            .or_cannot(|| format!("find the state directory `{}`", flag.display())),
        (None, Some(written)) => Ok(folder.join(written)),
        (None, None) => Ok(folder.join(STATE_DIR)),
    }
}
