//! KV stores of the platform: opened by the name of their link, read, written, listed (platform.md section 2.2).
//!
//! Its acts block; each is done when it was polled once.

use std::{io::Read, time::Duration};

use ::fastly::kv_store::{self, KVStore, KVStoreError, LookupResponse};
use bytes::Bytes;

use super::failed;
use crate::{
    Error, Refusal, Result,
    model::{key::KvKey, limits::KV_VALUE_MAX},
    store::kv::{
        InsertMode, KvEntry, KvGather, KvHead, KvPage, KvQuery, KvValue, KvWrite, ListMode,
        Meanwhile,
    },
};

/// How much of a value is read at once.
const PIECE: usize = 64 * 1024;

pub(super) fn get(link: &str, key: &KvKey) -> Result<Option<KvEntry>> {
    match open(link)?.lookup(key.as_str()) {
        Ok(found) => entry(link, found).map(Some),
        Err(KVStoreError::ItemNotFound) => Ok(None),
        Err(cause) => Err(failed::kv(link, cause)),
    }
}

/// The platform does not tell an item's length, time and expiry beside its value; the length is counted.
fn entry(link: &str, mut found: LookupResponse) -> Result<KvEntry> {
    let metadata = found.metadata().unwrap_or_default();
    let metadata = String::from_utf8_lossy(&metadata).into_owned();
    let generation = found.current_generation();
    let value = found.try_take_body().map(|body| read(link, body)).transpose()?.unwrap_or_default();
    let length = u64::try_from(value.len()).unwrap_or(u64::MAX);
    Ok(KvEntry { head: KvHead { generation, metadata, length, ..KvHead::default() }, value })
}

fn read(link: &str, mut body: ::fastly::Body) -> Result<KvValue> {
    let mut value = KvGather::default();
    loop {
        let mut piece = vec![0; PIECE];
        let length = body.read(&mut piece).map_err(|cause| {
            Error::new(Refusal::StoreFailed, format!("a value of KV store `{link}`")).because(cause)
        })?;
        if length == 0 {
            return Ok(value.finish());
        }
        piece.truncate(length);
        value.push(Bytes::from(piece));
        if value.len() > KV_VALUE_MAX {
            let detail = format!("a value of KV store `{link}` has more than {KV_VALUE_MAX} bytes");
            return Err(Error::new(Refusal::TooLarge, detail));
        }
    }
}

/// The generation of a write is not told: 0, which as a condition means "only if there is none", so that a write that
/// trusts it fails and overwrites nothing.
pub(super) fn put(link: &str, key: &KvKey, write: KvWrite) -> Result<u64> {
    let store = open(link)?;
    let mut insert = store.build_insert().mode(mode(write.mode));
    if let Some(generation) = write.if_generation {
        insert = insert.if_generation_match(generation);
    }
    if let Some(metadata) = &write.metadata {
        insert = insert.metadata(metadata);
    }
    if let Some(ttl) = write.ttl {
        insert = insert.time_to_live(whole_seconds(ttl));
    }
    if write.meanwhile == Meanwhile::ServePrevious {
        insert = insert.background_fetch();
    }
    let mut value = ::fastly::Body::new();
    for chunk in write.value.chunks() {
        std::io::Write::write_all(&mut value, chunk).map_err(|cause| {
            Error::new(Refusal::StoreFailed, format!("a value for KV store `{link}`"))
                .because(cause)
        })?;
    }
    match insert.execute(key.as_str(), value) {
        Ok(()) => Ok(0),
        Err(cause) => Err(failed::kv(link, cause)),
    }
}

fn mode(mode: InsertMode) -> kv_store::InsertMode {
    match mode {
        InsertMode::Overwrite => kv_store::InsertMode::Overwrite,
        InsertMode::Add => kv_store::InsertMode::Add,
        InsertMode::Append => kv_store::InsertMode::Append,
        InsertMode::Prepend => kv_store::InsertMode::Prepend,
    }
}

/// The platform counts in seconds. Rather too short a life than too long a one, but no end before its beginning.
fn whole_seconds(ttl: Duration) -> Duration {
    Duration::from_secs(ttl.as_secs().max(1))
}

/// Whether there was an item. The platform takes no condition here.
pub(super) fn delete(link: &str, key: &KvKey, if_generation: Option<u64>) -> Result<bool> {
    if if_generation.is_some() {
        return Err(failed::unsupported("`Delete::if_generation`"));
    }
    match open(link)?.delete(key.as_str()) {
        Ok(()) => Ok(true),
        Err(KVStoreError::ItemNotFound) => Ok(false),
        Err(cause) => Err(failed::kv(link, cause)),
    }
}

pub(super) fn list(link: &str, query: &KvQuery) -> Result<KvPage> {
    let store = open(link)?;
    let mut list = store.build_list().prefix(&query.prefix);
    if let Some(limit) = query.limit {
        list = list.limit(u32::try_from(limit).unwrap_or(u32::MAX));
    }
    if let Some(cursor) = &query.cursor {
        list = list.cursor(cursor);
    }
    if query.mode == ListMode::Eventual {
        list = list.eventual_consistency();
    }
    let page = list.execute().map_err(|cause| failed::kv(link, cause))?;
    Ok(KvPage {
        next_cursor: page.next_cursor(),
        prefix: query.prefix.clone(),
        limit: usize::try_from(page.limit()).unwrap_or(usize::MAX),
        mode: query.mode,
        keys: page.into_keys(),
    })
}

fn open(link: &str) -> Result<KVStore> {
    let found = KVStore::open(link).map_err(|cause| failed::kv(link, cause))?;
    found.ok_or_else(|| Error::new(Refusal::LinkUnknown, format!("KV store `{link}`")))
}
