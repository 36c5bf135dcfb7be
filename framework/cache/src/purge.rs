//! The words of purging: what is purged, how, and what a purge does to a fetch that it overtakes.
//!
//! [`Shelf::purge`](crate::Shelf::purge) does it. Purging everything is no operation here: the service's generation,
//! which is part of every [`Key`], goes up by one, and what was stored before is not reached any more.

use selvedge_model::key::SurrogateKey;

use crate::key::Key;

/// What is purged, of one service.
#[derive(Debug, Clone, Copy)]
pub enum Purge<'a> {
    /// This target: every variant of the key, and of every key that differs from it only in what rules added.
    Target(&'a Key),
    /// Every object that has one of these keys, compared byte for byte.
    Keys(&'a [SurrogateKey]),
}

/// How it is purged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PurgeMode {
    /// It is gone.
    Hard,
    /// It is stale from now on, so that what permits stale answers counts from now. The first soft purge counts, and
    /// none makes a life longer. Parts, which nothing may serve stale, are gone.
    Soft,
}

/// What a purge did to an object whose fetch it overtook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Overtaken {
    /// It must not become visible.
    Removed,
    /// It is stale since then.
    Outdated {
        /// When, in unix milliseconds.
        at_ms: u64,
    },
}

/// A moment in the order of purges of one shelf and those beside it. What has begun after a purge has a greater or equal number than it;
/// what began before, a smaller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order(pub(crate) u64);
