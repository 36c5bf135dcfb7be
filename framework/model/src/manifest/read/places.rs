//! `[pops.*]` and `[dev]`: where nodes stand, and where the dev server listens.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::account::at_least_one;
use super::keys;
use super::sink::Sink;
use super::table::Table;
use super::value::Value;
use crate::manifest::Dev;
use crate::name::PopName;
use crate::suggest;

/// The POPs, in the order of their names.
pub(super) fn pops(root: &Table<'_>, sink: &mut Sink<'_>) -> Vec<PopName> {
    at_least_one(root, "pops", "[pops.LHR]", sink);
    let Some(section) = root.table("pops", sink) else { return Vec::new() };
    section
        .entries()
        .filter_map(|entry| {
            if let Some(table) = entry.value.table(sink) {
                pop(&table, sink);
            }
            let name = PopName::new(entry.key);
            name.map_err(|error| sink.refuse(entry.key_at, error.to_string())).ok()
        })
        .collect()
}

fn pop(table: &Table<'_>, sink: &mut Sink<'_>) {
    table.only(&keys::POP, sink);
    let Some(value) = table.get("nodes") else { return };
    if value.number(1, u64::MAX, sink).is_some_and(|nodes| nodes > 1) {
        let what = format!("more than one node in `{}` is not supported yet", table.path);
        sink.refuse(value.at, what);
    }
}

/// The dev server's settings.
pub(super) fn dev(root: &Table<'_>, sink: &mut Sink<'_>) -> Dev {
    let Some(table) = root.table("dev", sink) else { return Dev::default() };
    table.only(&keys::DEV, sink);
    Dev {
        listen: table.get("listen").and_then(|value| address(&value, sink)),
        admin: table.get("admin").and_then(|value| address(&value, sink)),
        state_dir: table.get("state_dir").and_then(|value| path(&value, sink)),
        pop: table.get("pop").and_then(|value| known_pop(&value, root, sink)),
    }
}

fn address(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<SocketAddr> {
    let text = value.text(sink)?;
    let address = text.parse().ok();
    if address.is_none() {
        let what = format!("`{}` is {text:?}, which is no IP address with a port", value.path);
        sink.refuse_with(value.at, what, "write it like \"127.0.0.1:7676\"".to_owned());
    }
    address
}

/// A path is not looked at, but an empty one is surely a mistake.
pub(super) fn path(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<PathBuf> {
    let text = value.text(sink)?;
    if text.is_empty() || text.contains('\0') {
        sink.refuse(value.at, format!("`{}` must be a path and not empty", value.path));
        return None;
    }
    Some(PathBuf::from(text))
}

/// A POP that is declared.
pub(super) fn known_pop(
    value: &Value<'_>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> Option<PopName> {
    let name = value.checked(PopName::new, sink)?;
    let section = root.peek("pops");
    if section.as_ref().is_none_or(|pops| !pops.entries.contains_key(name.as_str())) {
        let hint = section.and_then(|pops| suggest::hint(name.as_str(), pops.names()));
        sink.absent(value.at, format!("there is no POP `{name}`"), hint);
        return None;
    }
    Some(name)
}
