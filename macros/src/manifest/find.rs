//! Which `edge.toml` belongs to a source file: the nearest, beside it or above it, up to the root of
//! the workspace.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A manifest as found.
pub(super) struct Found {
    /// Absolute, for the compiler to track.
    pub(super) path: String,
    pub(super) text: String,
}

/// Looks for the manifest of a source file; without one, for that of the package.
pub(super) fn nearest(source: Option<&Path>) -> Option<Found> {
    nearest_in(&PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?), source)
}

fn nearest_in(package: &Path, source: Option<&Path>) -> Option<Found> {
    let root = workspace_root(package);
    let source = source.and_then(|file| std::path::absolute(file).ok());
    match source.as_deref().and_then(Path::parent) {
        Some(dir) if dir.starts_with(root) => upwards(dir, root),
        // Compiled from elsewhere: how far up its project goes is not ours to know.
        Some(dir) => read(dir),
        None => upwards(package, root),
    }
}

fn upwards(from: &Path, root: &Path) -> Option<Found> {
    from.ancestors().take_while(|dir| dir.starts_with(root)).find_map(read)
}

fn read(dir: &Path) -> Option<Found> {
    let path = dir.join("edge.toml");
    let text = fs::read_to_string(&path).ok()?;
    Some(Found { path: path.into_os_string().into_string().ok()?, text })
}

/// The nearest directory whose `Cargo.toml` has a `[workspace]`; else the package is alone.
fn workspace_root(package: &Path) -> &Path {
    package.ancestors().find(|dir| is_workspace(dir)).unwrap_or(package)
}

fn is_workspace(dir: &Path) -> bool {
    let text = fs::read_to_string(dir.join("Cargo.toml")).unwrap_or_default();
    text.lines().any(|line| line.trim_start().starts_with("[workspace"))
}

#[cfg(test)]
mod tests;
