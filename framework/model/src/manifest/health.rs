//! How backends are probed, and how one of several is chosen.

use std::time::Duration;

use crate::name::BackendName;

/// How it is found out whether a backend works: by a request at intervals (platform.md sections 1.4 and 5).
///
/// It works while at least `threshold` of the last `window` probes succeeded. When a node starts, `initial` probes count
/// as if they had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Healthcheck {
    /// The probe's method.
    pub method: String,
    /// Its Host; the backend's own where there is none.
    pub host: Option<String>,
    /// Its path and query.
    pub path: String,
    /// The status that is a success.
    pub expected_status: u16,
    /// The time from one probe to the next.
    pub interval: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How many probes are looked at, at most 15.
    pub window: usize,
    /// How many of them must have succeeded; at most `window`.
    pub threshold: usize,
    /// How many count as successes when the node starts; at most `window`.
    pub initial: usize,
}

/// Several backends under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Director {
    /// The name.
    pub name: BackendName,
    /// How one of them is chosen.
    pub choice: Choice,
    /// The backends, at least one, each of them once.
    pub members: Vec<Member>,
}

/// One of a director's backends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The backend.
    pub backend: BackendName,
    /// Its share of what is sent, among all the shares; at least 1.
    pub weight: u32,
}

/// How one of several backends is chosen, among those that work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The first in their order.
    Fallback,
    /// Any, by weight.
    Random,
    /// The same one for the same host, path and query, by weight.
    HashUrl,
    /// The same one for the same client address, by weight.
    HashClient,
}
