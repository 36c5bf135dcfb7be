//! From a manifest's path to a checked manifest, every problem printed.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use selvedge_model::{manifest::Manifest, problem::Problems};

/// A manifest, with the folder that its files are relative to.
pub(super) struct Loaded {
    pub(super) text: String,
    pub(super) manifest: Option<Manifest>,
    pub(super) problems: Problems,
    pub(super) folder: PathBuf,
    pub(super) name: String,
}

/// Reads and checks a manifest.
pub(super) fn load(path: &Path) -> Result<Loaded, String> {
    load_by(path, Manifest::parse)
}

/// The same for a node that takes requests, and those of its operator, at these addresses.
pub(super) fn load_served(
    path: &Path,
    (listen, admin): (SocketAddr, SocketAddr),
) -> Result<Loaded, String> {
    load_by(path, |text| Manifest::parse_served(text, (listen, admin)))
}

fn load_by(
    path: &Path,
    parse: impl FnOnce(&str) -> (Option<Manifest>, Problems),
) -> Result<Loaded, String> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        format!(
            "error: the manifest `{}` cannot be read: {error}\n  hint: `--config PATH` names it",
            path.display()
        )
    })?;
    let (manifest, problems) = parse(&text);
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new(".")).to_owned();
    Ok(Loaded { text, manifest, problems, folder, name: path.display().to_string() })
}
