//! What a write does to an item, once for all engines (platform.md sections 2.1 to 2.3).
//!
//! Pure: what is known of the item as it lies, the write and the time go in; what will be known of it
//! comes out, and where the written bytes go. Values themselves are the engine's.

use std::time::Duration;

use selvedge::{
    Error, Refusal, Result,
    store::kv::{InsertMode, KvHead, KvWrite},
};
use selvedge_model::limits::{KV_METADATA_MAX, KV_VALUE_MAX};

/// Where the written bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the place of whatever lies there.
    Instead,
    /// Behind what lies there.
    Behind,
    /// Before what lies there.
    Before,
}

/// Whether an item is there at this time.
pub(super) fn is_live(head: &KvHead, now_ms: u64) -> bool {
    head.expires_ms.is_none_or(|at| now_ms < at)
}

/// The item after the write, or why the write is refused.
///
/// `current` is the item as it lies, expired or not. `last_generation` is the newest generation of
/// the engine.
pub(super) fn apply(
    current: Option<&KvHead>,
    write: &KvWrite,
    last_generation: u64,
    now_ms: u64,
) -> Result<(KvHead, Place)> {
    let current = current.filter(|head| is_live(head, now_ms));
    check_size("value", length(write), KV_VALUE_MAX)?;
    check_size("metadata", metadata_length(write), KV_METADATA_MAX)?;
    check_condition(current, write)?;
    let place = place(current, write.mode);
    let head = KvHead {
        generation: next_generation(last_generation, now_ms)?,
        metadata: write.metadata.clone().unwrap_or_default(),
        length: joined_length(current, place, write)?,
        modified_ms: now_ms,
        expires_ms: write.ttl.map(|ttl| expiry(now_ms, ttl)),
    };
    Ok((head, place))
}

/// Whether there is an item to delete, or why it must stay.
pub(super) fn may_delete(
    current: Option<&KvHead>,
    if_generation: Option<u64>,
    now_ms: u64,
) -> Result<bool> {
    match current.filter(|head| is_live(head, now_ms)) {
        None => Ok(false),
        Some(head) => check_generation(if_generation, head.generation).map(|()| true),
    }
}

fn check_size(what: &str, bytes: u64, max: usize) -> Result<()> {
    if usize::try_from(bytes).is_ok_and(|bytes| bytes <= max) {
        return Ok(());
    }
    let detail = format!("the {what} would be {bytes} bytes, more than {max}");
    Err(Error::new(Refusal::TooLarge, detail))
}

fn check_condition(current: Option<&KvHead>, write: &KvWrite) -> Result<()> {
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

/// What is over is no neighbour for new bytes.
fn place(current: Option<&KvHead>, mode: InsertMode) -> Place {
    match (current, mode) {
        (Some(_), InsertMode::Append) => Place::Behind,
        (Some(_), InsertMode::Prepend) => Place::Before,
        _ => Place::Instead,
    }
}

/// Grows even when the clock stands still or steps back.
fn next_generation(last: u64, now_ms: u64) -> Result<u64> {
    let next = last.checked_add(1).map(|next| next.max(now_ms.saturating_mul(1000)));
    next.ok_or_else(|| Error::new(Refusal::StoreFailed, "there is no generation left"))
}

fn joined_length(current: Option<&KvHead>, place: Place, write: &KvWrite) -> Result<u64> {
    let old = match place {
        Place::Instead => 0,
        Place::Behind | Place::Before => current.map_or(0, |head| head.length),
    };
    let joined = old.saturating_add(length(write));
    check_size("value", joined, KV_VALUE_MAX).map(|()| joined)
}

fn metadata_length(write: &KvWrite) -> u64 {
    let bytes = write.metadata.as_ref().map_or(0, String::len);
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn length(write: &KvWrite) -> u64 {
    u64::try_from(write.value.len()).unwrap_or(u64::MAX)
}

fn expiry(now_ms: u64, ttl: Duration) -> u64 {
    now_ms.saturating_add(u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX))
}
