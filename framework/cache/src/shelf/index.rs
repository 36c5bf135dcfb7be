//! What of a shard a purge means: tags of surrogate keys and targets, and the entries that have them.
//!
//! A tag is a keyed hash. Two keys may share it, so whoever asks compares the keys themselves; that makes the index exact
//! at a few bytes an entry. It is kept under the shard's lock and forgets an entry when that leaves.

use std::collections::BTreeSet;

/// Tag, place of the key, number of the entry.
type Pair = (u64, u64, u64);

/// Which entries have a tag.
#[derive(Debug, Default)]
pub(super) struct Index(BTreeSet<Pair>);

impl Index {
    pub(super) fn add(&mut self, tags: &[u64], slot: u64, number: u64) {
        self.0.extend(tags.iter().map(|tag| (*tag, slot, number)));
    }

    pub(super) fn remove(&mut self, tags: &[u64], slot: u64, number: u64) {
        for tag in tags {
            self.0.remove(&(*tag, slot, number));
        }
    }

    /// The places and numbers of what has this tag.
    pub(super) fn having(&self, tag: u64) -> impl Iterator<Item = (u64, u64)> {
        let all = (tag, 0, 0)..=(tag, u64::MAX, u64::MAX);
        self.0.range(all).map(|(_, slot, number)| (*slot, *number))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
