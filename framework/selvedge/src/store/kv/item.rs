//! What goes into a KV store and what comes out, untyped: the words that bindings and engines share.

use std::time::Duration;

use super::{KvRoom, KvValue};

/// A stored item as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvEntry {
    /// What is known of it.
    pub head: KvHead,
    /// The value, at most [`KV_VALUE_MAX`](crate::model::limits::KV_VALUE_MAX) bytes.
    pub value: KvValue,
}

/// What is known of a stored item beside its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvHead {
    /// Grows with every write of the key, and looks like microseconds since the Unix epoch.
    pub generation: u64,
    /// The metadata that the last write carried; empty if it carried none.
    pub metadata: String,
    /// How many bytes the value has.
    pub length: u64,
    /// When it was last written, in milliseconds since the Unix epoch.
    pub modified_ms: u64,
    /// The first millisecond at which it is absent; `None`: it stays.
    pub expires_ms: Option<u64>,
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

/// What readers in other places get while an overwrite makes its way to them (platform.md section 2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meanwhile {
    /// Whoever comes first waits for the new value.
    #[default]
    Wait,
    /// The previous value, while the new one is fetched in the background.
    ServePrevious,
}

/// One write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvWrite {
    /// The bytes.
    pub value: KvValue,
    /// What to do where the key exists.
    pub mode: InsertMode,
    /// Write only if this is the current generation; 0 means "only if there is none".
    pub if_generation: Option<u64>,
    /// Replaces the item's metadata; at most 2000 bytes. `None` clears it.
    pub metadata: Option<String>,
    /// The item is not served after this time, counted from the write. `None`: it stays.
    pub ttl: Option<Duration>,
    /// What readers in other places get meanwhile.
    pub meanwhile: Meanwhile,
    /// The room that the value takes until it is written.
    pub room: KvRoom,
}

/// How sure a listing is to show the newest writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListMode {
    /// It shows every write that was acknowledged before it.
    #[default]
    Strong,
    /// It may lag behind.
    Eventual,
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
    /// How sure it is.
    pub mode: ListMode,
}

/// One page of keys, with what was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvPage {
    /// The keys, in byte order.
    pub keys: Vec<String>,
    /// Where the next page starts; absent on the last one.
    pub next_cursor: Option<String>,
    /// The prefix of all of them.
    pub prefix: String,
    /// How many keys a page has at most.
    pub limit: usize,
    /// How sure it is.
    pub mode: ListMode,
}
