//! Names for requests: short, unique within a node's life, the same in every hop.

use std::sync::atomic::{AtomicU64, Ordering};

/// Hands out request ids.
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

    /// A new id.
    #[must_use]
    pub fn next(&self) -> String {
        format!("{:08x}{:08x}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed))
    }
}
