//! Where a key lies: one keyed hash of 128 bits, whose halves pick the shard and the place in its map.
//!
//! The keys are random for each shelf and those beside it, so that nobody outside can make keys meet. Keys of one target, which differ only
//! in what rules added, lie in one shard.

use std::hash::{BuildHasher, Hasher, RandomState};

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::head::StoredHead;
use crate::key::Key;

/// Makes the hashes of one shelf.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hashing {
    keys: SipHasher13,
    surrogate: SipHasher13,
}

/// Where a key lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Picks the shard; the same for all keys of a target.
    pub(super) shard: u64,
    /// The tag of the target, which is also the place of its plain key.
    pub(super) target: u64,
    /// The place in the shard's map.
    pub(super) slot: u64,
}

impl Hashing {
    pub(super) fn new() -> Self {
        let random = RandomState::new();
        let hasher =
            |at: u64| SipHasher13::new_with_keys(random.hash_one(at), random.hash_one(at + 1));
        Self { keys: hasher(0), surrogate: hasher(2) }
    }

    pub(super) fn place(&self, key: &Key) -> Place {
        let mut hasher = self.keys;
        let (generation, text) = key.target();
        hasher.write(&generation.to_le_bytes());
        hasher.write(text);
        let (shard, target) = hasher.finish128().as_u64();
        Place { shard, target, slot: with_added(hasher, target, key.added()) }
    }

    /// The tag of a surrogate key in a generation of a service's cache.
    pub(super) fn tag(&self, service: &str, generation: u64, surrogate_key: &str) -> u64 {
        let mut hasher = self.surrogate;
        hasher.write(&generation.to_le_bytes());
        hasher.write(&(service.len() as u64).to_le_bytes());
        hasher.write(service.as_bytes());
        hasher.write(surrogate_key.as_bytes());
        hasher.finish128().as_u64().1
    }

    /// A number for what `tell` tells of a variant, or of a request for one.
    pub(super) fn told(&self, tell: impl FnOnce(&mut SipHasher13)) -> u64 {
        let mut hasher = self.surrogate;
        tell(&mut hasher);
        hasher.finish128().as_u64().1
    }

    /// The tags of all surrogate keys of a head.
    pub(super) fn surrogate_tags(&self, key: &Key, head: &StoredHead) -> Vec<u64> {
        let tag = |text| self.tag(key.service(), key.generation(), text);
        head.surrogate_keys().map(tag).collect()
    }
}

/// What rules added goes on where the target ended.
fn with_added(mut hasher: SipHasher13, target: u64, added: &[u8]) -> u64 {
    if added.is_empty() {
        return target;
    }
    hasher.write(added);
    hasher.write(&(added.len() as u64).to_le_bytes());
    hasher.finish128().as_u64().1
}
