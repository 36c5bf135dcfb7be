//! Who may depend on whom, as the architecture draws it, asked of cargo.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cargo::{cargo, read};
use crate::failure::{Failure, Outcome};

#[cfg(test)]
mod tests;

/// What one of our crates may reach through normal dependencies.
struct Fence {
    package: &'static str,
    /// For which target: nothing means the machine's own.
    target: Option<&'static str>,
    /// Which of our other crates it may reach, at any depth.
    ours: &'static [&'static str],
    /// Which foreign crates it must not reach.
    never: &'static [&'static str],
    why: &'static str,
}

const NETWORK: &[&str] = &["tokio", "hyper", "axum", "mio", "socket2"];

const FENCES: &[Fence] = &[
    Fence {
        package: "selvedge-model",
        target: None,
        ours: &[],
        never: NETWORK,
        why: "the model is words and rules: no I/O, no async",
    },
    Fence {
        package: "selvedge-cache",
        target: None,
        ours: &["selvedge-model"],
        never: NETWORK,
        why: "the cache is rules over headers and a time: no I/O, no async",
    },
    Fence {
        package: "selvedge-esi",
        target: None,
        ours: &["selvedge-model"],
        never: NETWORK,
        why: "a template is taken apart without fetching anything",
    },
    Fence {
        package: "selvedge-account",
        target: None,
        ours: &["selvedge-model"],
        never: NETWORK,
        why: "the account is rules over records, a time and random bits: no I/O, no async",
    },
    Fence {
        package: "selvedge-macros",
        target: None,
        ours: &["selvedge-model"],
        never: NETWORK,
        why: "a macro runs in the compiler and shares only the model's rules",
    },
    Fence {
        package: "selvedge",
        target: None,
        ours: &["selvedge-macros", "selvedge-model"],
        never: &["fastly", "hyper", "redb", "rustls"],
        why: "a handler is written against the SDK, whatever runs it",
    },
    Fence {
        package: "selvedge",
        target: Some("wasm32-wasip1"),
        ours: &["selvedge-macros", "selvedge-model"],
        never: NETWORK_BUT_AXUM,
        why: "on wasm the platform is the reactor and the network",
    },
    Fence {
        package: "selvedge-runtime",
        target: None,
        ours: &[
            "selvedge",
            "selvedge-account",
            "selvedge-cache",
            "selvedge-esi",
            "selvedge-macros",
            "selvedge-model",
        ],
        never: &[],
        why: "nothing above the runtime may be needed to serve",
    },
    Fence {
        package: "selvedge-testkit",
        target: None,
        ours: &[
            "selvedge",
            "selvedge-account",
            "selvedge-cache",
            "selvedge-esi",
            "selvedge-macros",
            "selvedge-model",
            "selvedge-runtime",
        ],
        never: &[],
        why: "the testkit is the real runtime in memory",
    },
    Fence {
        package: "selvedge-xtask",
        target: None,
        ours: &["selvedge-model"],
        never: NETWORK,
        why: "the first `cargo xtask` must compile within seconds",
    },
    Fence {
        package: "selvedge-fuzz",
        target: None,
        ours: &[],
        never: NETWORK,
        why: "it changes bytes, whoever reads them",
    },
    Fence {
        package: "selvedge-stress",
        target: None,
        ours: &[
            "selvedge",
            "selvedge-account",
            "selvedge-cache",
            "selvedge-esi",
            "selvedge-macros",
            "selvedge-model",
            "selvedge-runtime",
            "selvedge-testkit",
        ],
        never: &[],
        why: "a stress run starts nodes as the testkit does",
    },
    Fence {
        package: "selvedge-races",
        target: None,
        ours: &["selvedge-model"],
        never: NETWORK,
        why: "it is the cache once more, with a model checker's locks",
    },
    Fence {
        package: "selvedge-bench",
        target: None,
        ours: &[
            "selvedge",
            "selvedge-account",
            "selvedge-cache",
            "selvedge-esi",
            "selvedge-macros",
            "selvedge-model",
            "selvedge-runtime",
            "selvedge-testkit",
        ],
        never: &[],
        why: "benchmarks measure binaries from outside, and the KV engine as the runtime calls it",
    },
];

const NETWORK_BUT_AXUM: &[&str] = &["tokio", "hyper", "mio", "socket2"];

/// What every example may reach: the testkit is for their tests only.
const OF_EXAMPLES: &[&str] = &[
    "selvedge",
    "selvedge-account",
    "selvedge-cache",
    "selvedge-esi",
    "selvedge-macros",
    "selvedge-model",
    "selvedge-runtime",
];

/// Checks every fence, and that every member of the workspace stands behind one.
pub(crate) fn check(root: &Path) -> Outcome {
    let members = names(&read(cargo(root).args([
        "tree",
        "--workspace",
        "--depth",
        "0",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?);
    let mut broken = Vec::new();
    for fence in FENCES {
        broken.extend(violations(fence, &reached(root, fence.package, fence.target)?));
    }
    for member in members.iter().filter(|it| FENCES.iter().all(|fence| fence.package != *it)) {
        broken.extend(unfenced(root, member)?);
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::new(broken.join("\n  "))) }
}

/// A member without a fence is an example, or has been forgotten.
fn unfenced(root: &Path, member: &str) -> Outcome<Vec<String>> {
    if !root.join("examples").join(member).is_dir() {
        return Ok(vec![format!("`{member}` has no fence in `xtask/src/ci/fences.rs`")]);
    }
    let reached = reached(root, member, None)?;
    Ok(strangers(member, &reached, OF_EXAMPLES)
        .map(|it| format!("the example `{member}` must not depend on `{it}`"))
        .collect())
}

fn reached(root: &Path, package: &str, target: Option<&str>) -> Outcome<BTreeSet<String>> {
    let mut tree = cargo(root);
    tree.args(["tree", "--package", package, "--edges", "normal"]);
    tree.args(["--prefix", "none", "--format", "{p}"]);
    if let Some(target) = target {
        tree.args(["--target", target]);
    }
    Ok(names(&read(&mut tree)?))
}

/// The first word of each line.
fn names(tree: &str) -> BTreeSet<String> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn violations(fence: &Fence, reached: &BTreeSet<String>) -> Vec<String> {
    let never = fence.never.iter().copied().filter(|name| reached.contains(*name));
    let strangers = strangers(fence.package, reached, fence.ours);
    let place = fence.target.map(|target| format!(" for {target}")).unwrap_or_default();
    strangers
        .chain(never)
        .map(|name| {
            format!("`{}`{place} must not depend on `{name}`: {}", fence.package, fence.why)
        })
        .collect()
}

/// Our crates that are reached without leave.
fn strangers<'a>(
    package: &'a str,
    reached: &'a BTreeSet<String>,
    allowed: &'a [&str],
) -> impl Iterator<Item = &'a str> {
    let ours = |name: &&str| *name == "selvedge" || name.starts_with("selvedge-");
    reached
        .iter()
        .map(String::as_str)
        .filter(ours)
        .filter(move |name| *name != package && !allowed.contains(name))
}
