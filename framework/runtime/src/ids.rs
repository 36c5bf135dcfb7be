//! Names for requests and purges: short, unique within a node's life; a request's is the same in
//! every hop. And the name of the node itself, by which it knows requests that come back to it.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use http::HeaderValue;

use crate::hops;

/// The name of a request. It becomes text where somebody reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId {
    prefix: u32,
    number: u64,
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}{:08x}", self.prefix, self.number)
    }
}

impl RequestId {
    /// A number that looks random and is another one for each request (the finisher of splitmix64).
    #[must_use]
    pub fn mixed(self) -> u64 {
        let seed = self.number ^ u64::from(self.prefix) << 32;
        let one = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let two = (one ^ one >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let three = (two ^ two >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        three ^ three >> 31
    }
}

/// The name of a running node, another one after each start. Whoever is sent a request may read it: it opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeId {
    id: String,
    /// What says in `CDN-Loop` that a request has passed this node: made once, since every send says so.
    member: HeaderValue,
}

impl NodeId {
    /// The id with this number.
    #[must_use]
    pub fn of(number: u64) -> Self {
        let id = format!("{number:016x}");
        Self { member: hops::member(&id), id }
    }

    /// The member of `CDN-Loop` for a request that has passed this node.
    #[must_use]
    pub fn member(&self) -> &HeaderValue {
        &self.member
    }

    /// The id as text: 16 hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.id
    }
}

/// Hands out ids.
#[derive(Debug)]
pub struct RequestIds {
    prefix: u32,
    next: AtomicU64,
    node: NodeId,
}

impl RequestIds {
    /// Ids that start with `prefix`, so that those of two nodes differ.
    #[must_use]
    pub fn with_prefix(prefix: u32) -> Self {
        Self { prefix, next: AtomicU64::new(1), node: NodeId::of(prefix.into()) }
    }

    /// Ids of a node that has just started. Its own says nothing of those that clients see.
    #[must_use]
    pub fn random() -> Self {
        let ids = Self::with_prefix(getrandom::u32().unwrap_or_default());
        Self { node: NodeId::of(getrandom::u64().unwrap_or_default()), ..ids }
    }

    /// The id of the node.
    #[must_use]
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// A new id for a purge, with the time in seconds in its middle: `108-1391560174-974124`.
    #[must_use]
    pub fn purge(&self, now_ms: u64) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{}-{}-{number}", self.prefix, now_ms / 1000)
    }

    /// A new id.
    #[must_use]
    pub fn next(&self) -> RequestId {
        RequestId { prefix: self.prefix, number: self.next.fetch_add(1, Ordering::Relaxed) }
    }
}
