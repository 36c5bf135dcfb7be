//! `[services.*.links]`: which stores a service sees, and under which names.

use std::collections::BTreeMap;

use super::sink::Sink;
use super::table::{Entry, Table};
use super::{items, keys};
use crate::limits::LINKS_PER_SERVICE;
use crate::manifest::Link;
use crate::name::{LinkName, StoreKind, StoreName};
use crate::suggest;

/// The links of a service.
pub(super) fn read(
    service: &Table<'_>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> BTreeMap<LinkName, Link> {
    let Some(section) = service.table("links", sink) else { return BTreeMap::new() };
    let count = section.entries.len();
    if count > LINKS_PER_SERVICE {
        let what = format!("{count} links; a service has at most {LINKS_PER_SERVICE}");
        sink.refuse(section.at, what);
    }
    section.entries().filter_map(|entry| link(&entry, root, sink)).collect()
}

fn link(entry: &Entry<'_>, root: &Table<'_>, sink: &mut Sink<'_>) -> Option<(LinkName, Link)> {
    let table = entry.value.table(sink)?;
    table.only(&keys::LINK, sink);
    let (key, store) = items::one_of(&table, keys::LINK.known, sink)?;
    let kind = StoreKind::ALL.into_iter().find(|kind| kind.as_str() == key)?;
    let name = LinkName::new(kind, entry.key);
    let name = name.map_err(|error| sink.refuse(entry.key_at, error.to_string())).ok();
    let written = store.text(sink)?;
    let section = section(kind);
    if exists(root, section, written) {
        let store = StoreName::new(kind, written).ok()?;
        return Some((name?, Link { kind, store }));
    }
    let what = format!("there is no {} `{written}`", kind.words());
    sink.absent(store.at, what, elsewhere(root, kind, written));
    None
}

/// The kind of a link, as far as the text says it.
pub(super) fn kind_of(service: &Table<'_>, link: &str) -> Option<StoreKind> {
    let table = service.peek("links")?.peek(link)?;
    StoreKind::ALL.into_iter().find(|kind| table.entries.contains_key(kind.as_str()))
}

/// Where the stores of a kind are declared.
fn section(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Kv => "kv_stores",
        StoreKind::Config => "config_stores",
        StoreKind::Secret => "secret_stores",
        StoreKind::Acl => "acls",
    }
}

/// A store counts as declared even if its declaration has problems of its own.
fn exists(root: &Table<'_>, section: &str, name: &str) -> bool {
    root.peek(section).is_some_and(|stores| stores.entries.contains_key(name))
}

/// A store of this name but another kind, or the nearest name of the right kind.
fn elsewhere(root: &Table<'_>, kind: StoreKind, name: &str) -> Option<String> {
    let other = StoreKind::ALL
        .into_iter()
        .find(|other| *other != kind && exists(root, section(*other), name));
    if let Some(other) = other {
        return Some(format!("`{name}` is a {}: write {{ {other} = \"{name}\" }}", other.words()));
    }
    let declared = root.peek(section(kind));
    let hint = declared.and_then(|stores| suggest::hint(name, stores.names()));
    hint.or_else(|| Some(format!("declare it: [{}.{name}]", section(kind))))
}
