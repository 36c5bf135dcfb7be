//! Reading the KV file: every read sees one commit, whole, and waits for no write.

use std::ops::Bound;

use redb::{Database, ReadableDatabase};
use selvedge::store::kv::{KvEntry, KvHead, KvPage};
use selvedge_model::{id::StoreId, key::KvKey};

use super::{
    held::Held,
    parting::Parting,
    parts,
    schema::{HEADS, PARTS, Result},
    tables::{damaged, head_of},
};
use crate::stores::kv::{page::Window, rule::is_live};

/// What was found of an item.
pub(super) enum Found {
    /// All of it.
    Whole(KvEntry),
    /// What is needed to read its value, which lies in parts.
    Parts(Parting),
}

/// Finds one item; reads its value if it is small.
pub(super) fn find(
    database: &Database,
    store: &StoreId,
    key: &KvKey,
    now_ms: u64,
    held: &Held,
) -> Result<Option<Found>> {
    let snapshot = database.begin_read()?;
    let item = (store.as_str(), key.as_str());
    let head = snapshot.open_table(HEADS)?.get(item)?.map(|row| head_of(row.value()));
    let Some(head) = head.filter(|head| is_live(head, now_ms)) else { return Ok(None) };
    let parts = snapshot.open_table(PARTS)?;
    if let Some(length) = parts::small(&head) {
        let value = parts::read_small(&parts, item, length)?;
        return Ok(Some(Found::Whole(KvEntry { head, value })));
    }
    let slot = held.hold(parts, now_ms);
    Ok(Some(Found::Parts(Parting { store: store.clone(), key: key.clone(), head, slot })))
}

/// Reads what is known of one item.
pub(super) fn head(
    database: &Database,
    store: &StoreId,
    key: &KvKey,
    now_ms: u64,
) -> Result<Option<KvHead>> {
    let heads = database.begin_read()?.open_table(HEADS)?;
    let found = heads.get((store.as_str(), key.as_str()))?.map(|row| head_of(row.value()));
    Ok(found.filter(|head| is_live(head, now_ms)))
}

/// Reads one page of keys.
pub(super) fn list(
    database: &Database,
    store: &StoreId,
    window: &Window,
    now_ms: u64,
) -> Result<KvPage> {
    with_live(database, store, window.start(), now_ms, |keys| window.page(keys))
}

/// Counts keys, at most so many.
pub(super) fn count(
    database: &Database,
    store: &StoreId,
    at_most: usize,
    now_ms: u64,
) -> Result<usize> {
    with_live(database, store, Bound::Unbounded, now_ms, |keys| {
        keys.take(at_most).try_fold(0, |count, key| key.map(|_| count + 1))
    })
}

/// The first store behind this one that has items.
pub(super) fn next_store(database: &Database, after: Option<&StoreId>) -> Result<Option<StoreId>> {
    let heads = database.begin_read()?.open_table(HEADS)?;
    // No name is between a name and the same with the least character behind it.
    let from = after.map_or_else(String::new, |after| format!("{after}\0"));
    let first = heads.range((from.as_str(), "")..)?.next().transpose()?;
    let found = first.map(|(row, _)| StoreId::parse(row.value().0).ok_or_else(no_store));
    found.transpose()
}

fn no_store() -> redb::Error {
    damaged("an item is in a store that has no id")
}

/// What comes of the live keys of a store, from a place in their order on.
fn with_live<T>(
    database: &Database,
    store: &StoreId,
    start: Bound<&str>,
    now_ms: u64,
    take: impl FnOnce(&mut dyn Iterator<Item = Result<String>>) -> Result<T>,
) -> Result<T> {
    let heads = database.begin_read()?.open_table(HEADS)?;
    let start = match start {
        Bound::Unbounded => Bound::Included((store.as_str(), "")),
        start => start.map(|key| (store.as_str(), key)),
    };
    let mut live = heads
        .range::<(&str, &str)>((start, Bound::Unbounded))?
        .map(|row| row.map(|(item, head)| live_key(store, item.value(), head.value(), now_ms)))
        .take_while(|row| !matches!(row, Ok(Row::OtherStore)))
        .filter_map(|row| match row {
            Ok(Row::Live(key)) => Some(Ok(key)),
            Ok(Row::Expired | Row::OtherStore) => None,
            Err(cause) => Some(Err(cause.into())),
        });
    take(&mut live)
}

/// What a listing comes across.
enum Row {
    Live(String),
    Expired,
    OtherStore,
}

fn live_key(
    store: &StoreId,
    (in_store, key): (&str, &str),
    head: (u64, u64, Option<u64>, u64, &str),
    now_ms: u64,
) -> Row {
    match in_store == store.as_str() {
        false => Row::OtherStore,
        true if is_live(&head_of(head), now_ms) => Row::Live(key.to_owned()),
        true => Row::Expired,
    }
}
