//! `when` of a rule: which requests and responses it is for.

use std::collections::BTreeMap;

use super::keys;
use super::sink::{At, Sink};
use super::table::Table;
use super::token::{cookie_name, header_name, method};
use super::value::Value;
use crate::manifest::{Network, PathPattern, StatusPattern, Wanted, When, WhenResponse};
use crate::pattern::TextPattern;

/// Checks a name at a place; the text between is the path of what it names.
type CheckName = fn(&str, At, &str, &mut Sink<'_>) -> Option<String>;

/// What a rule asks of the request, and what of the response.
pub(super) fn read(table: &Table<'_>, sink: &mut Sink<'_>) -> (When, WhenResponse) {
    table.only(&keys::WHEN, sink);
    let request = When {
        method: list(table, "method", method, sink),
        host: table.get("host").and_then(|value| host(&value, sink)),
        path: table.get("path").and_then(|value| value.compiled(PathPattern::new, sink)),
        query: named(table, "query", any_name, sink),
        header: named(table, "header", header_name, sink),
        cookie: named(table, "cookie", cookie_name, sink),
        client: list(table, "client", |value, sink| value.compiled(Network::parse, sink), sink),
    };
    let response = WhenResponse {
        status: list(table, "status", status, sink),
        header: named(table, "response_header", header_name, sink),
    };
    (request, response)
}

/// The items of a list, if there is one. An empty list would match nothing, while no list matches everything.
fn list<T>(
    table: &Table<'_>,
    key: &str,
    item: impl Fn(&Value<'_>, &mut Sink<'_>) -> Option<T>,
    sink: &mut Sink<'_>,
) -> Vec<T> {
    let Some(value) = table.get(key) else { return Vec::new() };
    let items = value.array(sink);
    if items.as_ref().is_some_and(Vec::is_empty) {
        let what = format!("`{}` is empty, so the rule would match nothing", value.path);
        sink.refuse_with(value.at, what, format!("leave the key out to match every {key}"));
    }
    items.unwrap_or_default().iter().filter_map(|value| item(value, sink)).collect()
}

/// Hosts are compared in lower case and without port.
fn host(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<TextPattern> {
    let compile = |text: &str| match text.rsplit_once(':') {
        Some((_, port)) if !port.contains(']') => {
            Err("has a port, which is never compared".to_owned())
        }
        _ => TextPattern::new(&text.to_ascii_lowercase()),
    };
    value.compiled(compile, sink)
}

/// A status or a class of them.
fn status(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<StatusPattern> {
    if value.is_number() {
        let code = value.number(200, 999, sink)?;
        return u16::try_from(code).ok().map(StatusPattern::Code);
    }
    let text = value.text(sink)?;
    if let [digit @ b'2'..=b'9', b'x', b'x'] = text.as_bytes() {
        return Some(StatusPattern::Class(u16::from(digit - b'0')));
    }
    let what = format!("`{}` is {text:?}, which is no class of statuses", value.path);
    sink.refuse_with(value.at, what, "write a number such as 404, or \"5xx\"".to_owned());
    None
}

/// A table of names, each with what is asked of it.
fn named(
    table: &Table<'_>,
    key: &str,
    check: CheckName,
    sink: &mut Sink<'_>,
) -> BTreeMap<String, Wanted> {
    let Some(value) = table.get(key) else { return BTreeMap::new() };
    let Some(section) = value.table(sink) else { return BTreeMap::new() };
    if section.entries.is_empty() {
        let what = format!("`{}` is empty, so it asks nothing", value.path);
        sink.refuse_with(value.at, what, "leave the key out".to_owned());
    }
    let mut asked = BTreeMap::new();
    for entry in section.entries() {
        let name = check(entry.key, entry.key_at, &value.path, sink);
        let (Some(name), Some(wanted)) = (name, wanted(&entry.value, sink)) else { continue };
        if asked.insert(name, wanted).is_some() {
            let what = format!("`{}` comes twice: case does not matter", entry.value.path);
            sink.refuse(entry.key_at, what);
        }
    }
    asked
}

/// `true`, `false` or a pattern.
fn wanted(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<Wanted> {
    if value.is_boolean() {
        let present = value.boolean(sink)?;
        return Some(if present { Wanted::Present } else { Wanted::Absent });
    }
    if !value.is_text() {
        return value.mismatch("`true`, `false` or a string", sink);
    }
    value.compiled(TextPattern::new, sink).map(Wanted::Like)
}

/// A parameter may be called anything.
fn any_name(text: &str, _: At, _: &str, _: &mut Sink<'_>) -> Option<String> {
    Some(text.to_owned())
}
