//! Reading and checking an `edge.toml` before a node sees it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use selvedge_model::manifest::{Backend, Manifest, Scheme, Source, Target};

use crate::failure::{Failure, Outcome, While};
use crate::say;

#[cfg(test)]
mod tests;

/// The name of the backend that a package's demo origin stands in for.
const DEMO_BACKEND: &str = "origin";

/// Reads and checks a manifest. A refused one is a failure, with every problem printed; warnings are
/// left to the node, which prints them when it starts.
pub(crate) fn load(path: &Path) -> Outcome<Manifest> {
    let text = std::fs::read_to_string(path)
        .or_cannot(|| format!("read the manifest `{}`", path.display()))?;
    let (manifest, problems) = Manifest::parse(&text);
    manifest.ok_or_else(|| {
        say::note(problems.render(&shown(path)).trim_end());
        Failure::new(format!("`{}` is refused", shown(path)))
    })
}

/// The path as a person in the current directory would write it.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// Where the demo origin must listen: the address of the first backend called `origin` whose url is
/// plain HTTP on this machine.
pub(crate) fn demo_address(manifest: &Manifest) -> Option<String> {
    manifest
        .services
        .values()
        .flat_map(|service| service.backends.values())
        .filter(|backend| backend.name.as_str() == DEMO_BACKEND)
        .find_map(loopback)
}

/// The files that the manifest's stores are filled from, so that a change of one restarts the node.
pub(crate) fn files(manifest: &Manifest, path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let seeds = manifest.kv_stores.values().flatten().map(|seed| &seed.value);
    let secrets = manifest.secret_stores.values().flatten().map(|item| &item.source);
    seeds
        .chain(secrets)
        .filter_map(|source| match source {
            Source::File(file) => Some(folder.join(file)),
            Source::Data(_) | Source::Env(_) | Source::Generate { .. } => None,
        })
        .collect()
}

fn loopback(backend: &Backend) -> Option<String> {
    let Target::Url(url) = &backend.target else { return None };
    let here = match url.host.trim_matches(['[', ']']) {
        "localhost" => Some(format!("127.0.0.1:{}", url.port)),
        host => host
            .parse()
            .ok()
            .map(|ip| SocketAddr::new(ip, url.port))
            .filter(|address| address.ip().is_loopback())
            .map(|address| address.to_string()),
    };
    here.filter(|_| matches!(url.scheme, Scheme::Http))
}
