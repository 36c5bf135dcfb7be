//! Changes of headers: what is set, appended and removed. What frames a message or proves something is not a rule's to
//! change.

use crate::manifest::HeaderChanges;
use crate::manifest::read::keys;
use crate::manifest::read::sink::{At, Sink};
use crate::manifest::read::table::Table;
use crate::manifest::read::token::header_name;
use crate::manifest::read::value::Value;

/// Fields of one connection, of a message's framing, and those that we vouch for.
const NOT_OURS: &[&str] = &[
    "cdn-loop",
    "connection",
    "content-length",
    "edge-auth",
    "fastly-client-ip",
    "keep-alive",
    "proxy-connection",
    "selvedge-hops",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// The changes under a key.
pub(super) fn read(then: &Table<'_>, key: &str, sink: &mut Sink<'_>) -> HeaderChanges {
    let Some(table) = then.table(key, sink) else { return HeaderChanges::default() };
    table.only(&keys::HEADERS, sink);
    if table.entries.is_empty() {
        sink.absent(table.at, format!("{} changes nothing", table.shown()), None);
    }
    let remove = super::list(&table, "remove", removed, sink).unwrap_or_default();
    let (set, append) = (lines(&table, "set", sink), lines(&table, "append", sink));
    HeaderChanges { remove, set, append }
}

fn removed(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    name(value.text(sink)?, value.at, &value.path, sink)
}

/// A table of names and texts.
fn lines(table: &Table<'_>, key: &str, sink: &mut Sink<'_>) -> Vec<(String, String)> {
    let Some(section) = table.table(key, sink) else { return Vec::new() };
    if section.entries.is_empty() {
        sink.absent(section.at, format!("{} changes nothing", section.shown()), None);
    }
    let mut lines = Vec::new();
    for entry in section.entries() {
        let name = name(entry.key, entry.key_at, &entry.value.path, sink);
        let text = text(&entry.value, sink);
        lines.extend(name.zip(text));
    }
    lines
}

fn name(text: &str, at: At, path: &str, sink: &mut Sink<'_>) -> Option<String> {
    let name = header_name(text, at, path, sink)?;
    let hint = match name.as_str() {
        "host" => "write rewrite_host",
        name if NOT_OURS.contains(&name) => "it belongs to the connection or to selvedge itself",
        _ => return Some(name),
    };
    sink.refuse_with(at, format!("`{path}`: a rule cannot change `{name}`"), hint.to_owned());
    None
}

/// A field's line: visible characters, and spaces between them.
fn text(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.any_text(sink)?;
    let fits = text.bytes().all(|byte| byte == b' ' || byte == b'\t' || byte.is_ascii_graphic());
    if fits && text.trim() == text {
        return Some(text.to_owned());
    }
    sink.refuse(value.at, format!("`{}` is {text:?}, which no header line can be", value.path));
    None
}
