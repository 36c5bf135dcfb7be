//! What goes into a KV store and what comes out, untyped: the words that bindings and engines share.

use std::time::Duration;

use bytes::Bytes;

/// A stored item as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvEntry {
    /// The value, at most [`KV_VALUE_MAX`](crate::model::limits::KV_VALUE_MAX) bytes.
    pub value: Bytes,
    /// The metadata that the last write carried; empty if it carried none.
    pub metadata: String,
    /// Grows with every write of the key.
    pub generation: u64,
}

/// What a write does where the key exists (platform.md section 2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InsertMode {
    /// Replace the value.
    #[default]
    Overwrite,
    /// Refuse with [`PreconditionFailed`](crate::Refusal::PreconditionFailed).
    Add,
    /// Put the new bytes behind the old ones.
    Append,
    /// Put the new bytes before the old ones.
    Prepend,
}

/// One write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvWrite {
    /// The bytes.
    pub value: Bytes,
    /// What to do where the key exists.
    pub mode: InsertMode,
    /// Write only if this is the current generation; 0 means "only if there is none".
    pub if_generation: Option<u64>,
    /// Replaces the item's metadata; at most 2000 bytes. `None` clears it.
    pub metadata: Option<String>,
    /// The item is not served after this time, counted from the write. `None`: it stays.
    pub ttl: Option<Duration>,
}

/// Which keys to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvQuery {
    /// Only keys that start with this; empty for all.
    pub prefix: String,
    /// At most so many; the platform's page size if absent.
    pub limit: Option<usize>,
    /// Where the last page ended, as that page gave it.
    pub cursor: Option<String>,
}

/// One page of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvPage {
    /// The keys, in byte order.
    pub keys: Vec<String>,
    /// Where the next page starts; absent on the last one.
    pub next_cursor: Option<String>,
}
