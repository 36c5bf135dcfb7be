//! Reading the KV file: every read sees one commit, whole, and waits for no write.

use std::ops::Bound;

use redb::{Database, ReadableDatabase};
use selvedge::store::kv::{KvEntry, KvPage};
use selvedge_model::{key::KvKey, name::StoreName};

use super::tables::{HEADS, Result, VALUES, head_of, read_value};
use crate::stores::kv::{page::Window, rule::Stored};

/// Reads one item.
pub(super) fn get(
    database: &Database,
    store: &StoreName,
    key: &KvKey,
    now_ms: u64,
) -> Result<Option<KvEntry>> {
    let snapshot = database.begin_read()?;
    let place = (store.as_str(), key.as_str());
    let head = snapshot.open_table(HEADS)?.get(place)?.map(|row| head_of(row.value()));
    let Some(head) = head.filter(|head| head.is_live(now_ms)) else { return Ok(None) };
    let value = read_value(&snapshot.open_table(VALUES)?, place)?;
    Ok(Some(Stored { head, value }.into()))
}

/// Reads one page of keys.
pub(super) fn list(
    database: &Database,
    store: &StoreName,
    window: &Window,
    now_ms: u64,
) -> Result<KvPage> {
    let heads = database.begin_read()?.open_table(HEADS)?;
    let start = window.start().map(|key| (store.as_str(), key));
    let live = heads
        .range::<(&str, &str)>((start, Bound::Unbounded))?
        .map(|row| row.map(|(place, head)| live_key(store, place.value(), head.value(), now_ms)))
        .take_while(|row| !matches!(row, Ok(Row::OtherStore)))
        .filter_map(|row| match row {
            Ok(Row::Live(key)) => Some(Ok(key)),
            Ok(Row::Expired | Row::OtherStore) => None,
            Err(cause) => Some(Err(cause.into())),
        });
    window.page(live)
}

/// What a listing comes across.
enum Row {
    Live(String),
    Expired,
    OtherStore,
}

fn live_key(
    store: &StoreName,
    (in_store, key): (&str, &str),
    head: (u64, Option<u64>, &str),
    now_ms: u64,
) -> Row {
    match in_store == store.as_str() {
        false => Row::OtherStore,
        true if head_of(head).is_live(now_ms) => Row::Live(key.to_owned()),
        true => Row::Expired,
    }
}
