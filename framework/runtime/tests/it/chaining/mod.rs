//! Service chaining as the platform's text describes it, scenario by scenario; `docs/chaining.md` maps its paragraphs to
//! these tests.

mod bypass;
mod compute;
mod direct;
mod esi;
mod page;
mod purging;
mod routing;
mod sharing;

use selvedge_testkit::{Edge, ok};

/// An account with these services, each line a part of the manifest.
fn account(services: &str) -> String {
    format!("manifest_version = 1\nname = \"chaining\"\n[pops.LHR]\n{services}")
}

/// A delivery service in front of an origin of its own.
fn leaf(name: &str) -> String {
    format!(
        "[services.{name}]\ntype = \"delivery\"\ndomains = [\"{name}.localhost\"]\n\
         backends.origin = {{ url = \"http://{name}.example\" }}\n"
    )
}

/// What the origin of a leaf answers for a path.
fn answers(edge: &Edge, leaf: &str, path: &str) {
    edge.origin(leaf, "origin").on(path).reply(ok(format!("{leaf} {path}")).max_age(60));
}
