//! Which names a project may have: a crate, a service and a host name alike, that cargo and the compiler build.

use crate::failure::{Failure, Outcome};

/// Words of the language (edition 2024), those that it only keeps for later included: none can name a crate.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else enum extern false \
                        final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self \
                        static struct super trait true try type typeof unsafe unsized use virtual where while yield";

/// Crates that come with the compiler, the project's own other package, and what it depends on by name, beside ours.
const CRATES: &str = "alloc core proc-macro std test tokio xtask";

/// Folders in which cargo builds, which no program may be called after.
const FOLDERS: &str = "build deps examples incremental";

/// Refuses what cannot be the name of a project.
pub(super) fn check(name: &str) -> Outcome {
    if !is_host_name(name) {
        return refuse(
            name,
            String::new(),
            "use lower-case letters, digits and `-`, beginning with a letter",
        );
    }
    match taken(name) {
        Some(by) => refuse(name, format!(": it is {by}"), "choose another"),
        None => Ok(()),
    }
}

fn is_host_name(name: &str) -> bool {
    let letters = name.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    letters && begins && !name.ends_with('-') && name.len() <= 63
}

/// What has the name already.
fn taken(name: &str) -> Option<&'static str> {
    let among = |names: &str| names.split_whitespace().any(|one| one == name);
    if among(KEYWORDS) {
        Some("a word of Rust")
    } else if among(CRATES) || name == "selvedge" || name.starts_with("selvedge-") {
        Some("the name of a crate that the project uses")
    } else if among(FOLDERS) {
        Some("the name of a folder that cargo builds in")
    } else {
        None
    }
}

fn refuse(name: &str, why: String, hint: &str) -> Outcome {
    let failure = Failure::new(format!("`{name}` cannot be the name of a project{why}"));
    Err(failure.hint(format!("{hint}: `--name my-edge`")))
}
