//! A rule in a warning: how it is called, and where it stands.

use super::{At, Sink, Table};
use crate::manifest::{Rule, Service};

/// ``rule 2 `pages` ``.
pub(super) fn shown(rules: &[Rule], number: usize) -> String {
    match rules.get(number).and_then(|rule| rule.name.as_deref()) {
        Some(name) => format!("rule {} `{name}`", number + 1),
        None => format!("rule {}", number + 1),
    }
}

/// Where a rule begins, or as far as that can be told.
pub(super) fn place(service: &Service, number: usize, root: &Table<'_>, sink: &mut Sink<'_>) -> At {
    let path = ["services", service.name.as_str()];
    let table = root.peek("services").and_then(|services| services.peek(service.name.as_str()));
    let rules = table.and_then(|table| table.get("rules"));
    let items = rules.and_then(|rules| rules.array(sink)).unwrap_or_default();
    items.get(number).map_or_else(|| super::place(root, &path), |item| item.at)
}
