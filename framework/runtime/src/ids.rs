//! Names for requests and purges: short, unique within a node's life; a request's is the same in
//! every hop.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

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

/// Hands out ids.
#[derive(Debug)]
pub struct RequestIds {
    prefix: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids that start with `prefix`, so that those of two nodes differ.
    #[must_use]
    pub fn with_prefix(prefix: u32) -> Self {
        Self { prefix, next: AtomicU64::new(1) }
    }

    /// Ids of a node that has just started.
    #[must_use]
    pub fn random() -> Self {
        Self::with_prefix(getrandom::u32().unwrap_or_default())
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
