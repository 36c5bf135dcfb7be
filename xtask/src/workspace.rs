//! Where things are: the workspace, its target directory, and the package that `dev` serves.

use std::path::{Path, PathBuf};

use crate::cargo::{cargo, read};
use crate::failure::{Failure, Outcome, While};
use crate::flags::Side;

/// The package to build and the manifest to serve it with.
#[derive(Debug)]
pub(crate) struct Package {
    /// The package's name, which is its node binary's name too.
    pub(crate) name: String,
    /// The package's folder.
    pub(crate) dir: PathBuf,
    /// Its `edge.toml`, or the one that was asked for.
    pub(crate) manifest: PathBuf,
}

/// The root of the workspace that this xtask belongs to, wherever it is called from.
pub(crate) fn root() -> Outcome<PathBuf> {
    let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => std::env::current_dir().or_cannot(|| "find the current directory".into())?,
    };
    let mut locate = cargo(&start);
    locate.args(["locate-project", "--workspace", "--message-format", "plain"]);
    let path = PathBuf::from(read(&mut locate)?.trim());
    let root = path.parent().map(Path::to_path_buf);
    root.ok_or_else(|| Failure::new("cannot find the root of the workspace"))
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

/// The package that is meant: in a project the project itself, in the repository an example.
pub(crate) fn package(
    side: Side,
    root: &Path,
    example: Option<&str>,
    manifest: Option<&Path>,
) -> Outcome<Package> {
    let dir = match side {
        Side::Project => root.to_path_buf(),
        Side::Repo => example_dir(root, example.unwrap_or("shop"))?,
    };
    let manifest = match manifest {
        Some(path) => std::path::absolute(path)
            .or_cannot(|| format!("find the manifest `{}`", path.display()))?,
        None => dir.join("edge.toml"),
    };
    Ok(Package { name: package_name(&dir)?, dir, manifest })
}

fn example_dir(root: &Path, name: &str) -> Outcome<PathBuf> {
    let known = folders(&root.join("examples"))?;
    if known.iter().any(|folder| folder == name) {
        return Ok(root.join("examples").join(name));
    }
    let failure = Failure::new(format!("there is no example `{name}`"));
    Err(match selvedge_model::suggest::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("the examples are {}", known.join(", "))),
    })
}

/// The names of the folders in a folder, sorted; hidden ones are left out.
pub(crate) fn folders(dir: &Path) -> Outcome<Vec<String>> {
    let entries = std::fs::read_dir(dir).or_cannot(|| format!("list `{}`", dir.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    Ok(names)
}

fn package_name(dir: &Path) -> Outcome<String> {
    let mut tree = cargo(dir);
    tree.args(["tree", "--depth", "0", "--prefix", "none", "--format", "{p}"]);
    let text = read(&mut tree)?;
    let name = text.split_whitespace().next().map(str::to_owned);
    name.ok_or_else(|| Failure::new(format!("cannot find the package in `{}`", dir.display())))
}
