//! `[kv_stores.*]`, `[config_stores.*]`, `[secret_stores.*]` and `[acls.*]`.

use std::collections::{BTreeMap, BTreeSet};

use super::items;
use super::keys::{self, Keys};
use super::sink::Sink;
use super::table::{Entry, Table};
use super::value::Value;
use crate::limits::{
    ACLS_PER_ACCOUNT, CONFIG_ITEMS_PER_STORE, CONFIG_KEY_MAX, CONFIG_STORES_PER_ACCOUNT,
    CONFIG_VALUE_MAX, KV_STORES_PER_ACCOUNT,
};
use crate::manifest::{KvSeed, SecretItem};
use crate::name::{StoreKind, StoreName};

/// KV stores with their seeds.
pub(super) fn kv(root: &Table<'_>, sink: &mut Sink<'_>) -> BTreeMap<StoreName, Vec<KvSeed>> {
    let Some(section) = root.table("kv_stores", sink) else { return BTreeMap::new() };
    at_most(KV_STORES_PER_ACCOUNT, StoreKind::Kv, &section, sink);
    each(&section, StoreKind::Kv, sink, |table, sink| {
        items(table, &keys::KV_STORE, sink, items::seed)
    })
}

/// Config stores with their contents.
pub(super) fn config(
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> BTreeMap<StoreName, BTreeMap<String, String>> {
    let Some(section) = root.table("config_stores", sink) else { return BTreeMap::new() };
    at_most(CONFIG_STORES_PER_ACCOUNT, StoreKind::Config, &section, sink);
    each(&section, StoreKind::Config, sink, contents)
}

/// Secret stores with their secrets.
pub(super) fn secret(
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> BTreeMap<StoreName, Vec<SecretItem>> {
    let Some(section) = root.table("secret_stores", sink) else { return BTreeMap::new() };
    each(&section, StoreKind::Secret, sink, |table, sink| {
        items(table, &keys::SECRET_STORE, sink, items::secret)
    })
}

/// ACLs, of which a manifest says nothing but that they are there.
pub(super) fn acl(root: &Table<'_>, sink: &mut Sink<'_>) -> BTreeSet<StoreName> {
    let Some(section) = root.table("acls", sink) else { return BTreeSet::new() };
    at_most(ACLS_PER_ACCOUNT, StoreKind::Acl, &section, sink);
    let only = |table: &Table<'_>, sink: &mut Sink<'_>| table.only(&keys::ACL, sink);
    each(&section, StoreKind::Acl, sink, only).into_keys().collect()
}

/// Reports more stores of a kind than an account may own.
fn at_most(most: usize, kind: StoreKind, section: &Table<'_>, sink: &mut Sink<'_>) {
    let count = section.entries.len();
    if count > most {
        let what = format!("{count} {}s; an account has at most {most}", kind.words());
        sink.refuse(section.at, what);
    }
}

/// Reads every store of a section.
fn each<T>(
    section: &Table<'_>,
    kind: StoreKind,
    sink: &mut Sink<'_>,
    read: impl Fn(&Table<'_>, &mut Sink<'_>) -> T,
) -> BTreeMap<StoreName, T> {
    let mut stores = BTreeMap::new();
    for entry in section.entries() {
        let name = StoreName::new(kind, entry.key);
        let name = name.map_err(|error| sink.refuse(entry.key_at, error.to_string()));
        let store = entry.value.table(sink).map(|table| read(&table, sink));
        if let (Ok(name), Some(store)) = (name, store) {
            stores.insert(name, store);
        }
    }
    stores
}

/// Reads the items of a store; a key that comes twice is a problem.
fn items<T>(
    store: &Table<'_>,
    keys: &Keys,
    sink: &mut Sink<'_>,
    read: impl Fn(&Table<'_>, &mut Sink<'_>) -> Option<T>,
) -> Vec<T> {
    store.only(keys, sink);
    let values = store.get("items").and_then(|value| value.array(sink)).unwrap_or_default();
    let tables: Vec<Table<'_>> = values.iter().filter_map(|value| value.table(sink)).collect();
    duplicates(&tables, sink);
    tables.iter().filter_map(|table| read(table, sink)).collect()
}

fn duplicates(tables: &[Table<'_>], sink: &mut Sink<'_>) {
    let mut seen = BTreeSet::new();
    for value in tables.iter().filter_map(|table| table.get("key")) {
        let Some(key) = value.value.as_str() else { continue };
        if !seen.insert(key) {
            sink.refuse(value.at, format!("`{}`: the key {key:?} comes twice", value.path));
        }
    }
}

fn contents(store: &Table<'_>, sink: &mut Sink<'_>) -> BTreeMap<String, String> {
    store.only(&keys::CONFIG_STORE, sink);
    let Some(table) = store.table("contents", sink) else { return BTreeMap::new() };
    let count = table.entries.len();
    if count > CONFIG_ITEMS_PER_STORE {
        let what = format!("{count} items; a config store has at most {CONFIG_ITEMS_PER_STORE}");
        sink.refuse(table.at, what);
    }
    let pair = |entry: Entry<'_>| {
        config_key(&entry, sink);
        let value = config_value(&entry.value, sink)?;
        Some((entry.key.to_owned(), value))
    };
    table.entries().filter_map(pair).collect()
}

fn config_key(entry: &Entry<'_>, sink: &mut Sink<'_>) {
    let length = entry.key.chars().count();
    if length == 0 || length > CONFIG_KEY_MAX {
        let what = format!("a config key has 1 to {CONFIG_KEY_MAX} characters, this one {length}");
        sink.refuse(entry.key_at, what);
    }
}

fn config_value(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.any_text(sink)?;
    let length = text.chars().count();
    if length > CONFIG_VALUE_MAX {
        let what = format!(
            "`{}` has {length} characters; a config value has at most {CONFIG_VALUE_MAX}",
            value.path
        );
        sink.refuse(value.at, what);
    }
    Some(text.to_owned())
}
