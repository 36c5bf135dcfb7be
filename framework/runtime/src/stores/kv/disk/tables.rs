//! How items lie in the KV file.
//!
//! Heads and values are apart, so that listing keys and checking conditions does not read values,
//! which may be 25 MiB each and lie in parts. The key is (store, key): within a store, the table's
//! order is the byte order of keys.

use redb::{ReadableTable, Table, WriteTransaction};
use selvedge::store::kv::{KvHead, KvValue};

use super::{
    parts::Parts,
    schema::{
        EXPIRY, ExpiryKey, FACTS, HEADS, HeadRow, ItemKey, LAST_GENERATION_FACT, PARTS, Result,
    },
};
use crate::stores::kv::{
    Progress,
    rule::{Place, is_live},
};

/// One commit removes at most so many items of its own accord, or the items that reach so many
/// bytes, so that it delays no write much.
const REMOVE_MAX: usize = 256;
const REMOVE_BYTES: u64 = 64 * 1024 * 1024;

/// The tables within one write transaction; nothing is visible to others before its commit.
pub(super) struct Tables<'t> {
    heads: Table<'t, ItemKey, HeadRow>,
    parts: Parts<'t>,
    expiry: Table<'t, ExpiryKey, ()>,
    facts: Table<'t, &'static str, u64>,
    /// The newest generation of the file; it outlives the item that it was given to.
    last_generation: u64,
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self> {
        let facts = transaction.open_table(FACTS)?;
        let last_generation = facts.get(LAST_GENERATION_FACT)?.map_or(0, |last| last.value());
        Ok(Self {
            heads: transaction.open_table(HEADS)?,
            parts: Parts(transaction.open_table(PARTS)?),
            expiry: transaction.open_table(EXPIRY)?,
            facts,
            last_generation,
        })
    }

    pub(super) fn last_generation(&self) -> u64 {
        self.last_generation
    }

    pub(super) fn head(&self, item: (&str, &str)) -> Result<Option<KvHead>> {
        Ok(self.heads.get(item)?.map(|row| head_of(row.value())))
    }

    /// Writes an item over the one that `old` is the head of.
    pub(super) fn write(
        &mut self,
        item: (&str, &str),
        old: Option<&KvHead>,
        (head, place): (&KvHead, Place),
        value: &KvValue,
    ) -> Result<()> {
        self.forget_expiry(item, old)?;
        if let Some(at) = head.expires_ms {
            self.expiry.insert((at, item.0, item.1), ())?;
        }
        let KvHead { generation, metadata, length, modified_ms, expires_ms } = head;
        let row = (*generation, *modified_ms, *expires_ms, *length, metadata.as_str());
        self.heads.insert(item, row)?;
        self.last_generation = *generation;
        match place {
            Place::Instead if old.is_none() => self.parts.put(item, value),
            Place::Instead => {
                self.parts.remove(item)?;
                self.parts.put(item, value)
            }
            Place::Behind => self.parts.append(item, value),
            Place::Before => self.parts.prepend(item, value),
        }
    }

    /// Removes the item that `old` is the head of.
    pub(super) fn remove(&mut self, item: (&str, &str), old: &KvHead) -> Result<()> {
        self.forget_expiry(item, Some(old))?;
        self.heads.remove(item)?;
        self.parts.remove(item)
    }

    /// Removes items that are over, the longest over first; says whether it removed any, and
    /// whether there are more.
    pub(super) fn sweep(&mut self, now_ms: u64) -> Result<(Progress, usize)> {
        self.remove_some(|tables| {
            let first = tables.expiry.first()?.map(|(row, _)| {
                let (at, store, key) = row.value();
                (at, store.to_owned(), key.to_owned())
            });
            Ok(first.filter(|(at, _, _)| *at <= now_ms).map(|(_, store, key)| (store, key)))
        })
    }

    /// Removes items of a store.
    pub(super) fn drop_some(&mut self, store: &str) -> Result<(Progress, usize)> {
        self.remove_some(|tables| {
            let mut from = tables.heads.range((store, "")..)?;
            let first = from.next().transpose()?.map(|(row, _)| {
                let (in_store, key) = row.value();
                (in_store.to_owned(), key.to_owned())
            });
            Ok(first.filter(|(in_store, _)| in_store == store))
        })
    }

    /// Whether a store has no item whose time is not over.
    pub(super) fn is_empty(&self, store: &str, now_ms: u64) -> Result<bool> {
        for row in self.heads.range((store, "")..)? {
            let (item, head) = row?;
            if item.value().0 != store {
                break;
            }
            if is_live(&head_of(head.value()), now_ms) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn remove_some(
        &mut self,
        next: impl Fn(&Self) -> Result<Option<(String, String)>>,
    ) -> Result<(Progress, usize)> {
        let (mut items, mut bytes) = (0, 0_u64);
        while items < REMOVE_MAX && bytes < REMOVE_BYTES {
            let Some((store, key)) = next(self)? else { return Ok((Progress::Done, items)) };
            let item = (store.as_str(), key.as_str());
            // Both rows are written in one commit, so one without the other is a damaged file.
            let head = self.head(item)?.ok_or_else(|| damaged("an item that ends has no head"))?;
            self.remove(item, &head)?;
            bytes = bytes.saturating_add(head.length);
            items += 1;
        }
        Ok((Progress::More, items))
    }

    /// Notes what only has to be noted once a commit.
    pub(super) fn finish(mut self) -> Result<()> {
        self.facts.insert(LAST_GENERATION_FACT, self.last_generation)?;
        Ok(())
    }

    fn forget_expiry(&mut self, item: (&str, &str), old: Option<&KvHead>) -> Result<()> {
        if let Some(at) = old.and_then(|head| head.expires_ms) {
            self.expiry.remove((at, item.0, item.1))?;
        }
        Ok(())
    }
}

pub(super) fn head_of(
    (generation, modified_ms, expires_ms, length, metadata): (u64, u64, Option<u64>, u64, &str),
) -> KvHead {
    KvHead { generation, metadata: metadata.to_owned(), length, modified_ms, expires_ms }
}

pub(super) fn damaged(what: &str) -> redb::Error {
    redb::Error::Corrupted(what.to_owned())
}
