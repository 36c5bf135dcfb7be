//! How a listing is cut into pages, once for all engines.

use std::ops::Bound;

use selvedge::{
    Error, Refusal, Result,
    store::kv::{KvPage, KvQuery, ListMode},
};
use selvedge_model::limits::KV_LIST_MAX;

use super::cursor;

/// A checked query.
pub(super) struct Window {
    prefix: String,
    after: Option<String>,
    limit: usize,
    mode: ListMode,
}

impl Window {
    /// Checks a query; a limit of 0 or a cursor that no page gave is the client's mistake.
    pub(super) fn of(query: KvQuery) -> Result<Self> {
        let limit = query.limit.unwrap_or(KV_LIST_MAX).min(KV_LIST_MAX);
        if limit == 0 {
            return Err(Error::new(Refusal::KeyInvalid, "a page of at most 0 keys was asked for"));
        }
        let after = query.cursor.as_deref().map(read_cursor).transpose()?;
        Ok(Self { prefix: query.prefix, after, limit, mode: query.mode })
    }

    /// Where in the store's byte order to start reading.
    pub(super) fn start(&self) -> Bound<&str> {
        match &self.after {
            Some(after) if *after >= self.prefix => Bound::Excluded(after),
            _ => Bound::Included(&self.prefix),
        }
    }

    /// The page, given the store's live keys in byte order from [`start`](Self::start) on; takes
    /// one key more than the page holds, to know whether there is a next one.
    pub(super) fn page<E>(
        &self,
        keys: impl Iterator<Item = Result<String, E>>,
    ) -> Result<KvPage, E> {
        let mut page = self.empty();
        for key in keys {
            let key = key?;
            if !key.starts_with(&self.prefix) {
                break;
            }
            if page.keys.len() == self.limit {
                page.next_cursor = page.keys.last().map(|last| cursor::write(last));
                break;
            }
            page.keys.push(key);
        }
        Ok(page)
    }

    /// The page of a store with nothing in it.
    pub(super) fn empty(&self) -> KvPage {
        let (keys, next_cursor) = (Vec::new(), None);
        KvPage {
            keys,
            next_cursor,
            prefix: self.prefix.clone(),
            limit: self.limit,
            mode: self.mode,
        }
    }
}

fn read_cursor(text: &str) -> Result<String> {
    cursor::read(text)
        .ok_or_else(|| Error::new(Refusal::KeyInvalid, "the cursor is not one that a page gave"))
}
