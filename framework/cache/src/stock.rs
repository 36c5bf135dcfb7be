//! What is stored for a request, and which of it is the best to answer with (RFC 9111 sections 4 and 4.1).
//!
//! [`Shelf::stock`](crate::Shelf::stock) fills it, [`decide`](crate::decide::decide) empties it.

use smallvec::SmallVec;

use crate::entry::Entry;
use crate::request::RequestDirectives;
use crate::reuse::{Reuse, reuse};

/// Entries of which there is nearly always one.
pub type Entries = SmallVec<[Entry; 1]>;

/// What is stored under a request's key.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    /// The whole objects that the request headers select, the best first.
    pub matching: Entries,
    /// The parts that they select.
    pub parts: Vec<Entry>,
    /// The whole objects of the key for whatever request headers; of many those that were used of late, and some for each
    /// list of names in `Vary`. They matter only where none matches, and may be left out where one does.
    pub all: Vec<Entry>,
}

/// Which entry to answer with, and what can be done with it: the first that is fresh, else the first that may be served
/// stale, else the first, to be validated. Freshness counts more than the order in which they are found, or else a
/// resource that stopped sending `Vary` would be fetched again and again.
#[must_use]
pub fn best(found: &[Entry], request: &RequestDirectives, now_ms: u64) -> Option<(usize, Reuse)> {
    let judged = found.iter().map(|entry| reuse(&entry.head, request, now_ms));
    judged.enumerate().min_by_key(|(_, reuse)| effort(*reuse))
}

fn effort(reuse: Reuse) -> u8 {
    match reuse {
        Reuse::Fresh { .. } => 0,
        Reuse::Stale { .. } => 1,
        Reuse::Validate(_) => 2,
    }
}
