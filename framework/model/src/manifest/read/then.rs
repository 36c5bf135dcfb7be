//! `then` of a rule: what it sets. Something, and nothing that contradicts itself. Here what concerns the cache.

mod end;
mod headers;
mod send;

pub(super) use self::send::backend;

use super::sink::Sink;
use super::table::Table;
use super::token::{cookie_name, header_name};
use super::value::Value;
use super::{backend as backends, keys, services};
use crate::key::SurrogateKey;
use crate::manifest::{IgnoreQuery, KeyChange, ServiceCache, Then};
use crate::pattern::TextPattern;

/// What can only be said of something that is stored.
const OF_STORED: &[&str] = &["ttl", "stale_while_revalidate", "stale_if_error", "surrogate_keys"];

/// What a rule sets.
pub(super) fn read(table: &Table<'_>, service: &Table<'_>, sink: &mut Sink<'_>) -> Then {
    table.only(&keys::THEN, sink);
    if table.entries.is_empty() {
        sink.absent(table.at, format!("{} sets nothing", table.shown()), None);
    }
    let then = Then {
        pass: flag(table, "pass", sink),
        cache: table.get("cache").and_then(|value| services::cache(&value, sink)),
        key: table.table("key", sink).map(|table| key(&table, sink)),
        ttl: table.get("ttl").and_then(|value| value.duration(sink)),
        stale_while_revalidate: table
            .get("stale_while_revalidate")
            .and_then(|value| value.duration(sink)),
        stale_if_error: table.get("stale_if_error").and_then(|value| value.duration(sink)),
        surrogate_keys: list(table, "surrogate_keys", surrogate_key, sink),
        vary: list(table, "vary", header, sink),
        uncacheable: flag(table, "uncacheable", sink),
        collapse: flag(table, "collapse", sink),
        esi: flag(table, "esi", sink),
        backend: table.get("backend").and_then(|value| backend(&value, service, sink)),
        rewrite_path: table.get("rewrite_path").and_then(|value| send::path(&value, sink)),
        rewrite_host: table.get("rewrite_host").and_then(|value| backends::host(&value, sink)),
        request_headers: headers::read(table, "request_headers", sink),
        origin_headers: headers::read(table, "origin_headers", sink),
        response_headers: headers::read(table, "response_headers", sink),
        end: end::read(table, sink),
    };
    contradictions(&then, table, sink);
    then
}

fn contradictions(then: &Then, table: &Table<'_>, sink: &mut Sink<'_>) {
    let (why, excluded): (&str, &[&[&str]]) = match then {
        Then { pass: Some(true), .. } => {
            ("pass", &[OF_STORED, &["cache", "key", "vary", "uncacheable", "collapse"]])
        }
        Then { cache: Some(ServiceCache::Off), .. } => {
            ("cache", &[OF_STORED, &["pass", "key", "vary", "uncacheable", "collapse"]])
        }
        Then { uncacheable: Some(true), .. } => ("uncacheable", &[OF_STORED]),
        _ => return,
    };
    for value in excluded.concat().into_iter().filter_map(|key| table.get(key)) {
        let what = format!("`{}` contradicts `{why}`: nothing is stored", value.path);
        sink.refuse(value.key_at, what);
    }
}

fn flag(table: &Table<'_>, key: &str, sink: &mut Sink<'_>) -> Option<bool> {
    table.get(key).and_then(|value| value.boolean(sink))
}

/// The items of a list that names at least one thing.
fn list<T>(
    table: &Table<'_>,
    key: &str,
    item: impl Fn(&Value<'_>, &mut Sink<'_>) -> Option<T>,
    sink: &mut Sink<'_>,
) -> Option<Vec<T>> {
    let value = table.get(key)?;
    let items = value.array(sink)?;
    if items.is_empty() {
        let what = format!("`{}` is empty, so it sets nothing", value.path);
        sink.refuse_with(value.at, what, "leave the key out".to_owned());
    }
    Some(items.iter().filter_map(|value| item(value, sink)).collect())
}

fn surrogate_key(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<SurrogateKey> {
    value.checked(SurrogateKey::new, sink)
}

fn header(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    header_name(value.text(sink)?, value.at, &value.path, sink)
}

fn cookie(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    cookie_name(value.text(sink)?, value.at, &value.path, sink)
}

/// How the key differs. What is left out whole cannot be sorted.
fn key(table: &Table<'_>, sink: &mut Sink<'_>) -> KeyChange {
    table.only(&keys::KEY, sink);
    if table.entries.is_empty() {
        sink.absent(table.at, format!("{} sets nothing", table.shown()), None);
    }
    let change = KeyChange {
        ignore_query: ignore_query(table, sink).unwrap_or_default(),
        sort_query: flag(table, "sort_query", sink).unwrap_or(false),
        add_headers: list(table, "add_headers", header, sink).unwrap_or_default(),
        add_cookies: list(table, "add_cookies", cookie, sink).unwrap_or_default(),
    };
    if change.ignore_query == IgnoreQuery::All && change.sort_query {
        let what = format!("{} sorts a query that it ignores", table.shown());
        sink.refuse(table.at, what);
    }
    change
}

/// `true` for the whole query, or a list of names.
fn ignore_query(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<IgnoreQuery> {
    if let Some(value) = table.get("ignore_query").filter(Value::is_boolean) {
        let all = value.boolean(sink)?;
        return Some(if all { IgnoreQuery::All } else { IgnoreQuery::Nothing });
    }
    let value = table.get("ignore_query")?;
    if !value.is_array() {
        return value.mismatch("`true` or an array of names", sink);
    }
    list(table, "ignore_query", |value, sink| value.compiled(TextPattern::new, sink), sink)
        .map(IgnoreQuery::Named)
}
