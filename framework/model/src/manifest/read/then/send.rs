//! Where a rule sends a request: to which backend, for which path.

use crate::manifest::PathRewrite;
use crate::manifest::read::keys;
use crate::manifest::read::sink::Sink;
use crate::manifest::read::table::Table;
use crate::manifest::read::value::Value;
use crate::name::BackendName;
use crate::suggest;

/// A backend or a director of the service.
pub(in crate::manifest::read) fn backend(
    value: &Value<'_>,
    service: &Table<'_>,
    sink: &mut Sink<'_>,
) -> Option<BackendName> {
    let name = value.text(sink)?;
    let tables = [service.peek("backends"), service.peek("directors")];
    let known: Vec<&str> = tables.iter().flatten().flat_map(Table::names).collect();
    if known.contains(&name) {
        return BackendName::new(name).ok();
    }
    let what = format!("{} has no backend or director `{name}`", service.shown());
    sink.absent(value.at, what, suggest::hint(name, known.iter().copied()));
    None
}

/// A path, or a change of its beginning.
pub(super) fn path(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<PathRewrite> {
    if value.is_text() {
        return checked(value, value.text(sink)?, sink).map(PathRewrite::To);
    }
    let table = value.table(sink)?;
    table.only(&keys::REWRITE_PATH, sink);
    if table.entries.is_empty() {
        sink.absent(table.at, format!("{} changes nothing", table.shown()), None);
    }
    let mut part = |key: &str| match table.get(key) {
        Some(value) => checked(&value, value.text(sink)?, sink),
        None => Some(String::new()),
    };
    let (strip, add) = (part("strip"), part("add"));
    Some(PathRewrite::Prefix { strip: strip?, add: add? })
}

/// A path as it can be sent: it begins with a slash, and has neither a query nor what needs an escape.
fn checked(value: &Value<'_>, text: &str, sink: &mut Sink<'_>) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_graphic() && !b"?#\"<>\\^`{|}".contains(&byte);
    // Two slashes would begin a host, for whoever reads the path as a reference.
    if text.starts_with('/') && !text.starts_with("//") && text.bytes().all(fits) {
        return Some(text.to_owned());
    }
    let what = format!("`{}` is {text:?}, which is no path", value.path);
    let hint =
        "write \"/...\" with one slash at its beginning, without a query, other characters as escapes such as %20".to_owned();
    sink.refuse_with(value.at, what, hint);
    None
}
