//! What `CDN-Loop` says of a request (RFC 8586): how often it has passed us, and whether it has passed this very node.
//!
//! Each node adds a member with its id as parameter: `selvedge;node=5f0c2b7a91d3e846`. Nobody vouches for what a stranger
//! sends: a member more counts against the request, and one that names this node keeps it from waiting for others.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::ids::NodeId;

/// The header in which content delivery networks say that a request has passed them.
pub const CDN_LOOP: HeaderName = HeaderName::from_static("cdn-loop");

/// Our name in it.
const CDN_ID: &str = "selvedge";

/// The parameter that says which node it was.
const NODE: &str = "node";

/// How often a request has passed us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Passes {
    /// All nodes counted, those without a name too.
    pub(super) count: usize,
    /// Those of this node.
    pub(super) of_this_node: usize,
}

/// Says in `CDN-Loop` that the request has passed this node once more.
pub fn mark(headers: &mut HeaderMap, node: &NodeId) {
    headers.append(CDN_LOOP, node.member().clone());
}

/// What a node of this id says so: hex digits can stand in a header.
pub(crate) fn member(id: &str) -> HeaderValue {
    let member = HeaderValue::try_from(format!("{CDN_ID};{NODE}={id}"));
    member.unwrap_or(HeaderValue::from_static(CDN_ID))
}

/// What stands in `CDN-Loop`; other networks' members do not count. A comma in a quoted string parts members, too: what
/// looks like more of ours than there are is refused earlier.
pub(super) fn passes(headers: &HeaderMap, node: &NodeId) -> Passes {
    let lines = headers.get_all(CDN_LOOP).iter();
    let members = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let mut passes = Passes::default();
    for member in members {
        let mut parts = member.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        if parts.next().is_some_and(|name| name.eq_ignore_ascii_case(CDN_ID.as_bytes())) {
            passes.count += 1;
            passes.of_this_node += usize::from(parts.any(|parameter| names(parameter, node)));
        }
    }
    passes
}

/// Whether a parameter is this node's id; its value may be quoted.
fn names(parameter: &[u8], node: &NodeId) -> bool {
    let Some(place) = parameter.iter().position(|byte| *byte == b'=') else { return false };
    let (name, value) = parameter.split_at(place);
    let value = value.get(1..).unwrap_or_default();
    let quoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    name.eq_ignore_ascii_case(NODE.as_bytes())
        && quoted.unwrap_or(value) == node.as_str().as_bytes()
}
