//! [`Unmet`]: why a rule is not for a request.

use std::fmt;

use super::Wanted;
use crate::manifest::{Network, PathPattern};
use crate::pattern::TextPattern;

/// A condition that a request does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet<'r> {
    /// The method is none of these.
    Method(&'r [String]),
    /// The host is another one.
    Host(&'r TextPattern),
    /// The path, in its normal form, is another one.
    Path(&'r PathPattern),
    /// The client is in none of these blocks, or unknown.
    Client(&'r [Network]),
    /// A parameter of the query is not as wanted.
    Query(&'r str, &'r Wanted),
    /// A header is not as wanted.
    Header(&'r str, &'r Wanted),
    /// A cookie is not as wanted.
    Cookie(&'r str, &'r Wanted),
}

/// A clause: ``its path is not `/account/**` ``.
impl fmt::Display for Unmet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(methods) => write!(f, "its method is not {}", methods.join(", ")),
            Self::Host(host) => write!(f, "its host is not `{}`", host.as_str()),
            Self::Path(path) => write!(f, "its path is not `{}`", path.as_str()),
            Self::Client(blocks) => {
                let blocks: Vec<String> = blocks.iter().map(Network::to_string).collect();
                write!(f, "its client is not in {}", blocks.join(", "))
            }
            Self::Query(name, wanted) => by_name(f, "parameter", name, wanted),
            Self::Header(name, wanted) => by_name(f, "header", name, wanted),
            Self::Cookie(name, wanted) => by_name(f, "cookie", name, wanted),
        }
    }
}

fn by_name(f: &mut fmt::Formatter<'_>, kind: &str, name: &str, wanted: &Wanted) -> fmt::Result {
    match wanted {
        Wanted::Present => write!(f, "it has no {kind} `{name}`"),
        Wanted::Absent => write!(f, "it has a {kind} `{name}`"),
        Wanted::Like(pattern) => {
            write!(f, "it has no {kind} `{name}` that is `{}`", pattern.as_str())
        }
    }
}
