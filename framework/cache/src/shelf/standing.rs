//! How full a shelf is, for those who run it.

use super::{Shard, Shelf};

/// What a shelf has and may have, and what it had to let go. The figures are read one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Bytes in use, by what lies there, is being read or is being gathered.
    pub used_bytes: u64,
    /// The most that they ever are.
    pub budget_bytes: u64,
    /// The largest body that it takes, in bytes.
    pub max_object_bytes: u64,
    /// Entries, each variant and each part counted.
    pub objects: u64,
    /// Entries that have gone for others since the shelf was made; what was purged or replaced is not among them.
    pub evicted: u64,
}

impl Shelf {
    /// How full it is.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            used_bytes: self.used_bytes(),
            budget_bytes: self.shards.budget().limit(),
            max_object_bytes: self.max_object(),
            objects: self.shards.iter().map(Shard::len).sum::<usize>() as u64,
            evicted: self.shards.evicted(),
        }
    }
}
