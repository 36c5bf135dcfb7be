//! `Fastly-Debug` headers (platform.md section 9): where an answer came from and how long it lasts.
//!
//! They show surrogate keys and times that are the operator's business, so they are given only for
//! a request that carries the admin token as `Fastly-Key`.

use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::{
    caller::Caller,
    hop::{Hop, Object},
};

const DEBUG: HeaderName = HeaderName::from_static("fastly-debug");
const PATH: HeaderName = HeaderName::from_static("fastly-debug-path");
const TTL: HeaderName = HeaderName::from_static("fastly-debug-ttl");
const DIGEST: HeaderName = HeaderName::from_static("fastly-debug-digest");

/// Whether a request asks for debug headers and may see them.
#[must_use]
pub fn is_wanted(headers: &HeaderMap, caller: Caller) -> bool {
    caller == Caller::Operator && headers.contains_key(DEBUG)
}

/// Adds a hop's groups, the newest in front.
pub(crate) fn add(headers: &mut HeaderMap, hop: &Hop) {
    let node = &hop.pop.node;
    let object = hop.object();
    let now = hop.world().clock.now_ms() / 1000;
    let fetched = object.as_ref().map(|object| format!(" (F {node} {})", object.fetched_ms / 1000));
    prepend(headers, PATH, &format!("(D {node} {now}){}", fetched.unwrap_or_default()));
    prepend(headers, TTL, &ttl(node, object.as_ref(), hop.outcome().verdict.is_hit()));
    if let Some(object) = object {
        let digest: String =
            Sha256::digest(&object.key).iter().map(|byte| format!("{byte:02x}")).collect();
        insert(headers, DIGEST, &digest);
    }
}

fn ttl(node: &str, object: Option<&Object>, hit: bool) -> String {
    let letter = if hit { "H" } else { "M" };
    match object {
        None => format!("({letter} {node} - - -)"),
        Some(Object { ttl_ms, grace_ms, age_ms, .. }) => format!(
            "({letter} {node} {:.3} {:.3} {})",
            *ttl_ms as f64 / 1000.0,
            *grace_ms as f64 / 1000.0,
            age_ms / 1000
        ),
    }
}

fn prepend(headers: &mut HeaderMap, name: HeaderName, groups: &str) {
    let before = headers.get(&name).and_then(|value| value.to_str().ok());
    let text = before.map_or_else(|| groups.to_owned(), |before| format!("{groups} {before}"));
    insert(headers, name, &text);
}

fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
