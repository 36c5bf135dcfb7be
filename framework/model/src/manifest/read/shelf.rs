//! `[shelf]`: the memory of cached objects.

use super::keys;
use super::sink::Sink;
use super::table::Table;
use crate::manifest::ShelfSettings;

/// What the account says of its shelves.
pub(super) fn read(root: &Table<'_>, sink: &mut Sink<'_>) -> ShelfSettings {
    let Some(table) = root.table("shelf", sink) else { return ShelfSettings::default() };
    table.only(&keys::SHELF, sink);
    let mut bytes = |key| table.get(key).and_then(|value| value.bytes(sink));
    let settings = ShelfSettings { budget: bytes("budget"), max_object: bytes("max_object") };
    contradictions(&settings, &table, sink);
    settings
}

/// What no object could ever meet.
fn contradictions(settings: &ShelfSettings, table: &Table<'_>, sink: &mut Sink<'_>) {
    if let (Some(0), Some(value)) = (settings.budget, table.get("budget")) {
        let hint = "`cache = \"off\"` of a service does without a cache".to_owned();
        sink.refuse_with(value.at, format!("`{}` leaves no room at all", value.path), hint);
    }
    let ShelfSettings { budget: Some(budget), max_object: Some(most) } = *settings else { return };
    if let Some(value) = table.get("max_object").filter(|_| most > budget) {
        sink.refuse(value.at, format!("`{}` is more than `{}.budget`", value.path, table.path));
    }
}
