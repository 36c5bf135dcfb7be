//! What `CDN-Loop` says of a request (RFC 8586): how often it has passed us, and whether it has passed this very node.
//!
//! Each node adds a member with its id as parameter: `selvedge;node=5f0c2b7a91d3e846`. Nobody vouches for what a stranger
//! sends: a member more counts against the request, and one that names this node keeps it from waiting for others. A fragment
//! of a page has the page's number beside it (`;page=9f86d081884c7d65`), by which its own includes count there.

use http::{HeaderMap, HeaderName, HeaderValue};
use smallvec::SmallVec;

use crate::ids::NodeId;

/// The header in which content delivery networks say that a request has passed them.
pub const CDN_LOOP: HeaderName = HeaderName::from_static("cdn-loop");

/// Our name in it.
const CDN_ID: &str = "selvedge";

/// The parameter that says which node it was.
const NODE: &str = "node";

/// The parameter that says which page it is a fragment of.
const PAGE: &str = "page";

/// How often a request has passed us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Passes {
    /// All nodes counted, those without a name too.
    pub(super) count: usize,
    /// Those of this node.
    pub(super) of_this_node: usize,
    /// The page that it left this node as a fragment of, the last time it did; no page has the number 0.
    pub(super) page: Option<u64>,
}

/// Says in `CDN-Loop` that the request has passed this node once more, as a fragment of this page.
pub fn mark(headers: &mut HeaderMap, node: &NodeId, page: Option<u64>) {
    let member = match page {
        None => node.member().clone(),
        Some(page) => member(&format!("{};{PAGE}={page:016x}", node.as_str())),
    };
    headers.append(CDN_LOOP, member);
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
        if !parts.next().is_some_and(|name| name.eq_ignore_ascii_case(CDN_ID.as_bytes())) {
            continue;
        }
        passes.count += 1;
        let parameters: SmallVec<[_; 2]> = parts.filter_map(parameter).collect();
        let is_node = |(name, value): &(&[u8], &[u8])| {
            name.eq_ignore_ascii_case(NODE.as_bytes()) && *value == node.as_str().as_bytes()
        };
        if parameters.iter().any(is_node) {
            passes.of_this_node += 1;
            passes.page = parameters.iter().find_map(page).or(passes.page);
        }
    }
    passes
}

/// The name of a parameter and its value, which may be quoted.
fn parameter(parameter: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = parameter.iter().position(|byte| *byte == b'=')?;
    let (name, value) = parameter.split_at(place);
    let value = value.get(1..).unwrap_or_default();
    let quoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    Some((name, quoted.unwrap_or(value)))
}

/// The number of a page; what cannot be one is that of none.
fn page((name, value): &(&[u8], &[u8])) -> Option<u64> {
    name.eq_ignore_ascii_case(PAGE.as_bytes()).then(|| {
        let digits = std::str::from_utf8(value).ok();
        digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
    })
}
