//! What the edge does to a request before its service sees it: fields that end there, and what is said of the client.

use std::fmt::Write as _;

use http::{HeaderMap, HeaderName, HeaderValue};
use selvedge::chain::EDGE_AUTH;
use selvedge_model::manifest::{ChainMode, Service};

use super::Ask;
use crate::{
    caller::takes_token,
    headers::{self, Vouched},
};

/// Says what the service asks of whoever calls it.
pub(super) fn required(text: &mut String, service: &Service) {
    let Some(required) = &service.require_chain_auth else { return };
    let modes: Vec<&str> = required.accept.iter().copied().map(ChainMode::as_str).collect();
    let _ = writeln!(
        text,
        "it requires a chain token ({}) and refuses whoever has no good one with 403",
        modes.join(" or ")
    );
}

/// Takes off what ends at the edge, and says so.
pub(super) fn strip(text: &mut String, ask: &mut Ask) {
    let before = ask.request.headers().clone();
    let fields = ask.request.headers_mut();
    headers::strip_at_edge(fields);
    takes_token(fields, None);
    fields.remove(EDGE_AUTH);
    let mut vouched = fields.clone();
    Vouched::of(ask.client, "http").say(&mut vouched);
    let mut rows = rows(&before, fields, &vouched);
    match ask.hops_before() {
        0 => {}
        hops => drop(writeln!(rows, "  hops     {hops} before this one, by its `CDN-Loop`")),
    }
    if !rows.is_empty() {
        let _ = write!(text, "\nat the edge\n{rows}");
    }
}

/// The client's fields that are gone, and those of which we vouch for the value.
fn rows(before: &HeaderMap, after: &HeaderMap, vouched: &HeaderMap) -> String {
    let mut names: Vec<&HeaderName> = before.keys().collect();
    names.sort_unstable_by_key(|name| name.as_str());
    let mut text = String::new();
    for name in names {
        if !after.contains_key(name) {
            let _ = writeln!(text, "  without  {name}");
        } else if Vouched::has(name.as_str().as_bytes()) {
            let lines: Vec<_> = vouched.get_all(name).iter().map(HeaderValue::as_bytes).collect();
            let value = lines.join(&b", "[..]);
            match lines.is_empty() {
                true => drop(writeln!(text, "  without  {name}")),
                false => drop(writeln!(text, "  with     {name}: {}", value.escape_ascii())),
            }
        }
    }
    text
}
