//! `[[services.*.rules]]`: what a delivery service does with which requests.

use super::keys;
use super::sink::Sink;
use super::table::Table;
use super::value::Value;
use crate::manifest::{PathPattern, Rule, Then, When};
use crate::suggest;

/// Methods that are surely meant when they are written in lower case.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The rules of a service, in order.
pub(super) fn read(service: &Table<'_>, sink: &mut Sink<'_>) -> Vec<Rule> {
    let values = service.get("rules").and_then(|value| value.array(sink)).unwrap_or_default();
    let rule = |value: Value<'_>| rule(&value.table(sink)?, sink);
    values.into_iter().filter_map(rule).collect()
}

fn rule(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<Rule> {
    table.only(&keys::RULE, sink);
    let name = table.get("name").and_then(|value| value.text(sink)).map(str::to_owned);
    let when = table.table("when", sink).map(|table| when(&table, sink)).unwrap_or_default();
    let then = table.need("then", "write then = { pass = true } or { ttl = \"5m\" }", sink)?;
    let then = then_of(&then.table(sink)?, sink);
    Some(Rule { name, when, then })
}

fn when(table: &Table<'_>, sink: &mut Sink<'_>) -> When {
    table.only(&keys::WHEN, sink);
    let path = table.get("path").and_then(|value| pattern(&value, sink));
    let values = table.get("method").and_then(|value| methods(&value, sink)).unwrap_or_default();
    let method = values.iter().filter_map(|value| method(value, sink)).collect();
    When { path, method }
}

fn pattern(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<PathPattern> {
    let text = value.text(sink)?;
    let pattern = PathPattern::new(text);
    pattern.map_err(|why| sink.refuse(value.at, format!("`{}`: {text:?} {why}", value.path))).ok()
}

/// An empty list would match nothing, while no list matches everything.
fn methods<'a>(value: &Value<'a>, sink: &mut Sink<'_>) -> Option<Vec<Value<'a>>> {
    let items = value.array(sink)?;
    if items.is_empty() {
        let what = format!("`{}` is empty, so the rule would match nothing", value.path);
        sink.refuse_with(value.at, what, "leave the key out to match every method".to_owned());
    }
    Some(items)
}

/// A method is a token (RFC 9110 section 9.1) and compared as written.
fn method(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    let upper = text.to_ascii_uppercase();
    if upper != text && METHODS.contains(&upper.as_str()) {
        let what = format!("`{}`: methods are compared as written", value.path);
        sink.refuse_with(value.at, what, format!("write \"{upper}\""));
        return None;
    }
    if text.is_empty() || !text.bytes().all(is_token) {
        let what = format!("`{}` is {text:?}, which is no method", value.path);
        sink.refuse_with(value.at, what, suggest::hint(&upper, METHODS.iter().copied()));
        return None;
    }
    Some(text.to_owned())
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a rule sets: something, and nothing that contradicts itself.
fn then_of(table: &Table<'_>, sink: &mut Sink<'_>) -> Then {
    table.only(&keys::THEN, sink);
    let then = Then {
        pass: table.get("pass").and_then(|value| value.boolean(sink)),
        ttl: table.get("ttl").and_then(|value| value.duration(sink)),
    };
    if table.entries.is_empty() {
        sink.absent(table.at, format!("{} sets nothing", table.shown()), None);
    }
    if then.pass == Some(true) && then.ttl.is_some() {
        let what =
            format!("{} says `pass` and `ttl`: what skips the cache has no ttl", table.shown());
        sink.refuse(table.at, what);
    }
    then
}
