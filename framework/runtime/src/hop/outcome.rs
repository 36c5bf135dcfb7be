//! What a hop tells of its last send: what the cache did, and with which object.

use selvedge_cache::decision::{NoStore, Verdict};

/// What the cache did for the last request that the hop sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What it did.
    pub verdict: Verdict,
    /// How often the object had been reused.
    pub hits: u64,
    /// Why the response was not stored, if it was not.
    pub not_stored: Option<NoStore>,
    /// Whether the request waited for another's answer, and if so, whether it got that.
    pub collapsed: Option<bool>,
}

/// A cached object as debug headers show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key as text, the service's name in front.
    pub key: String,
    /// When it was fetched, in milliseconds since the Unix epoch.
    pub fetched_ms: u64,
    /// What remains of its lifetime, in milliseconds.
    pub ttl_ms: i64,
    /// How long it may be served stale after that, in milliseconds.
    pub grace_ms: u64,
    /// Its age, in milliseconds.
    pub age_ms: u64,
}

impl Outcome {
    /// A service that has sent nothing so far.
    pub(super) const NONE: Self =
        Self { verdict: Verdict::Synthetic, hits: 0, not_stored: None, collapsed: None };
}
