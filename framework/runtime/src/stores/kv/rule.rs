//! What a write does to an item, once for all engines (platform.md sections 2.1 to 2.3).
//!
//! Pure: the item as it lies, the write and the time go in, the item as it will lie comes out.

use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use selvedge::{
    Error, Refusal, Result,
    store::kv::{InsertMode, KvEntry, KvWrite},
};
use selvedge_model::limits::{KV_METADATA_MAX, KV_VALUE_MAX};

/// Everything about an item but its value: what conditions and listings look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) generation: u64,
    /// The first millisecond at which the item is absent.
    pub(super) expires_ms: Option<u64>,
    pub(super) metadata: String,
}

impl Head {
    pub(super) fn is_live(&self, now_ms: u64) -> bool {
        self.expires_ms.is_none_or(|at| now_ms < at)
    }
}

/// An item as an engine keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) head: Head,
    pub(super) value: Bytes,
}

impl From<Stored> for KvEntry {
    fn from(stored: Stored) -> Self {
        let Head { generation, metadata, expires_ms: _ } = stored.head;
        Self { value: stored.value, metadata, generation }
    }
}

/// Whether a write in this mode looks at the value that lies there.
pub(super) fn needs_old_value(mode: InsertMode) -> bool {
    matches!(mode, InsertMode::Append | InsertMode::Prepend)
}

/// The item after the write, or why the write is refused.
///
/// `current` is the item as it lies, expired or not; its value may be left empty unless
/// [`needs_old_value`]. `last_generation` is the newest generation of the engine.
pub(super) fn apply(
    current: Option<Stored>,
    write: KvWrite,
    last_generation: u64,
    now_ms: u64,
) -> Result<Stored> {
    let current = current.filter(|stored| stored.head.is_live(now_ms));
    check_sizes(&write)?;
    check_condition(current.as_ref().map(|stored| &stored.head), &write)?;
    let head = Head {
        generation: next_generation(last_generation, now_ms)?,
        expires_ms: write.ttl.map(|ttl| expiry(now_ms, ttl)),
        metadata: write.metadata.unwrap_or_default(),
    };
    let old = current.map(|stored| stored.value).unwrap_or_default();
    Ok(Stored { head, value: join(old, write.mode, write.value)? })
}

/// Whether there is an item to delete, or why it must stay.
pub(super) fn may_delete(
    current: Option<&Head>,
    if_generation: Option<u64>,
    now_ms: u64,
) -> Result<bool> {
    match current.filter(|head| head.is_live(now_ms)) {
        None => Ok(false),
        Some(head) => check_generation(if_generation, head.generation).map(|()| true),
    }
}

fn check_sizes(write: &KvWrite) -> Result<()> {
    check_size("value", write.value.len(), KV_VALUE_MAX)?;
    check_size("metadata", write.metadata.as_ref().map_or(0, String::len), KV_METADATA_MAX)
}

fn check_size(what: &str, bytes: usize, max: usize) -> Result<()> {
    if bytes <= max {
        return Ok(());
    }
    let detail = format!("the {what} would be {bytes} bytes, more than {max}");
    Err(Error::new(Refusal::TooLarge, detail))
}

fn check_condition(current: Option<&Head>, write: &KvWrite) -> Result<()> {
    if write.mode == InsertMode::Add && current.is_some() {
        return Err(Error::new(Refusal::PreconditionFailed, "the key exists already"));
    }
    check_generation(write.if_generation, current.map_or(0, |head| head.generation))
}

/// 0 stands for "there is none", which no item has as its generation.
fn check_generation(wanted: Option<u64>, found: u64) -> Result<()> {
    match wanted {
        Some(wanted) if wanted != found => {
            let detail = format!("generation {wanted} was asked for, {found} is there");
            Err(Error::new(Refusal::PreconditionFailed, detail))
        }
        _ => Ok(()),
    }
}

/// Grows even when the clock stands still or steps back.
fn next_generation(last: u64, now_ms: u64) -> Result<u64> {
    let next = last.checked_add(1).map(|next| next.max(now_ms.saturating_mul(1000)));
    next.ok_or_else(|| Error::new(Refusal::StoreFailed, "there is no generation left"))
}

fn expiry(now_ms: u64, ttl: Duration) -> u64 {
    now_ms.saturating_add(u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX))
}

fn join(old: Bytes, mode: InsertMode, new: Bytes) -> Result<Bytes> {
    match mode {
        InsertMode::Overwrite | InsertMode::Add => Ok(new),
        InsertMode::Append => concat(&old, &new),
        InsertMode::Prepend => concat(&new, &old),
    }
}

fn concat(first: &Bytes, second: &Bytes) -> Result<Bytes> {
    let bytes = first.len().saturating_add(second.len());
    check_size("value", bytes, KV_VALUE_MAX)?;
    let mut joined = BytesMut::with_capacity(bytes);
    joined.put_slice(first);
    joined.put_slice(second);
    Ok(joined.freeze())
}
