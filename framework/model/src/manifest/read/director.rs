//! `[services.*.directors.*]`: several backends under one name.

use std::collections::BTreeMap;

use super::keys;
use super::sink::Sink;
use super::table::{Entry, Table};
use super::value::Value;
use crate::limits::WEIGHT_MAX;
use crate::manifest::{Choice, Director, Member};
use crate::name::BackendName;
use crate::suggest;

const CHOICES: &[(&str, Choice)] = &[
    ("fallback", Choice::Fallback),
    ("random", Choice::Random),
    ("hash_url", Choice::HashUrl),
    ("hash_client", Choice::HashClient),
];

/// The directors of a service.
pub(super) fn read(service: &Table<'_>, sink: &mut Sink<'_>) -> BTreeMap<BackendName, Director> {
    let Some(section) = service.table("directors", sink) else { return BTreeMap::new() };
    let one = |entry: Entry<'_>| {
        let director = director(&entry, service, sink)?;
        Some((director.name.clone(), director))
    };
    section.entries().filter_map(one).collect()
}

fn director(entry: &Entry<'_>, service: &Table<'_>, sink: &mut Sink<'_>) -> Option<Director> {
    let name = BackendName::new(entry.key);
    let name = name.map_err(|error| sink.refuse(entry.key_at, error.to_string())).ok();
    let backends = service.peek("backends").map(|table| table.names()).unwrap_or_default();
    if backends.contains(&entry.key) {
        sink.refuse(entry.key_at, format!("`{}` is the name of a backend too", entry.key));
    }
    let table = entry.value.table(sink)?;
    table.only(&keys::DIRECTOR, sink);
    let hint = "write choice = \"fallback\", \"random\", \"hash_url\" or \"hash_client\"";
    let choice = table.need("choice", hint, sink).and_then(|value| value.word(CHOICES, &[], sink));
    let members = members(&table, service, &backends, sink);
    if choice == Some(Choice::Fallback) {
        ordered(&table, sink);
    }
    Some(Director { name: name?, choice: choice?, members: members? })
}

/// A list of backends, or a table of them with their weights.
fn members(
    table: &Table<'_>,
    service: &Table<'_>,
    known: &[&str],
    sink: &mut Sink<'_>,
) -> Option<Vec<Member>> {
    let value = table.need("backends", "write backends = [\"one\", \"two\"]", sink)?;
    let mut members: Vec<Member> = Vec::new();
    let named = named(&value, sink)?;
    if named.is_empty() {
        let what = format!("`{}` names no backend", value.path);
        sink.refuse_with(value.at, what, "write backends = [\"one\", \"two\"]".to_owned());
        return None;
    }
    for (name, at, weight) in named {
        if !known.contains(&name) {
            let what = format!("{} has no backend `{name}`", service.shown());
            sink.absent(at, what, suggest::hint(name, known.iter().copied()));
            continue;
        }
        if members.iter().any(|member| member.backend.as_str() == name) {
            sink.refuse(at, format!("`{}` names `{name}` twice", value.path));
        }
        members.extend(BackendName::new(name).ok().map(|backend| Member { backend, weight }));
    }
    Some(members)
}

/// The first is asked first: a table says which weighs what, and not which comes first.
fn ordered(table: &Table<'_>, sink: &mut Sink<'_>) {
    if let Some(value) = table.get("backends").filter(Value::is_table) {
        let what = format!("`{}` has weights, but `fallback` goes by order", value.path);
        sink.refuse_with(value.at, what, "write backends = [\"first\", \"second\"]".to_owned());
    }
}

type Named<'a> = Vec<(&'a str, super::sink::At, u32)>;

fn named<'a>(value: &Value<'a>, sink: &mut Sink<'_>) -> Option<Named<'a>> {
    if value.is_table() {
        let table = value.table(sink)?;
        let weight = |value: &Value<'_>, sink: &mut Sink<'_>| {
            let weight = value.number(1, u64::from(WEIGHT_MAX), sink);
            weight.and_then(|weight| u32::try_from(weight).ok()).unwrap_or(1)
        };
        let entries = table.entries();
        return Some(
            entries.map(|entry| (entry.key, entry.key_at, weight(&entry.value, sink))).collect(),
        );
    }
    let items = value.array(sink)?;
    Some(items.iter().filter_map(|item| Some((item.text(sink)?, item.at, 1))).collect())
}
