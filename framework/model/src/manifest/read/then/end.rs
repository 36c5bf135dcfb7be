//! `deny`, `redirect` and `synthetic`: a rule answers itself.

use crate::manifest::read::keys;
use crate::manifest::read::sink::Sink;
use crate::manifest::read::table::Table;
use crate::manifest::read::value::Value;
use crate::manifest::{BackendUrl, End, Redirect, Synthetic};

const ENDS: [&str; 3] = ["deny", "redirect", "synthetic"];

/// What may stand beside them: headers of the answer.
const BESIDE: &str = "response_headers";

/// What a synthetic answer is unless it says so.
const PLAIN: &str = "text/plain; charset=utf-8";

/// What a client is told to do unless the rule says otherwise: the same there, this once.
const TEMPORARY: u16 = 307;

const REDIRECTIONS: &[(&str, u16)] =
    &[("301", 301), ("302", 302), ("303", 303), ("307", 307), ("308", 308)];

/// The answer of a rule, which does nothing else then.
pub(super) fn read(then: &Table<'_>, sink: &mut Sink<'_>) -> Option<End> {
    let mut found = ENDS.into_iter().filter_map(|key| Some((key, then.get(key)?)));
    let (key, value) = found.next()?;
    for entry in then.entries().filter(|entry| entry.key != key && entry.key != BESIDE) {
        let what = format!("`{}` contradicts `{key}`: nothing comes after it", entry.value.path);
        sink.refuse(entry.key_at, what);
    }
    match key {
        "deny" => deny(&value, sink),
        "redirect" => redirect(&value, sink).map(End::Redirect),
        _ => synthetic(&value, sink).map(End::Synthetic),
    }
}

fn deny(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<End> {
    if value.is_number() {
        let status = u16::try_from(value.number(400, 599, sink)?).ok()?;
        return Some(End::Deny { status });
    }
    match value.boolean(sink)? {
        true => Some(End::Deny { status: 403 }),
        false => {
            let what = format!("`{}` = false denies nothing", value.path);
            sink.refuse_with(value.at, what, "leave the key out".to_owned());
            None
        }
    }
}

fn redirect(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<Redirect> {
    if value.is_text() {
        let to = place(value, sink)?;
        return Some(Redirect { to, status: TEMPORARY, append_path: false });
    }
    let table = value.table(sink)?;
    table.only(&keys::REDIRECT, sink);
    let to = table.need("to", "write to = \"https://...\"", sink).and_then(|to| place(&to, sink));
    let status = match table.get("status") {
        Some(value) => redirection(&value, sink),
        None => Some(TEMPORARY),
    };
    let append_path = super::flag(&table, "append_path", sink).unwrap_or(false);
    Some(Redirect { to: to?, status: status?, append_path })
}

fn redirection(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<u16> {
    let status = u16::try_from(value.number(100, 599, sink)?).ok()?;
    if REDIRECTIONS.iter().any(|(_, known)| *known == status) {
        return Some(status);
    }
    let known: Vec<&str> = REDIRECTIONS.iter().map(|(text, _)| *text).collect();
    let what = format!("`{}` is {status}, which sends nobody anywhere", value.path);
    sink.refuse_with(value.at, what, format!("write one of {}", known.join(", ")));
    None
}

/// A URL or a path.
fn place(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    let is_text = text.bytes().all(|byte| byte.is_ascii_graphic());
    let is_url = ["http://", "https://"].iter().any(|scheme| {
        let rest = text.strip_prefix(scheme).unwrap_or_default();
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let origin = rest.get(..end).unwrap_or_default();
        BackendUrl::parse(&format!("{scheme}{origin}")).is_ok()
    });
    // Two slashes would begin a host.
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\");
    if is_text && (is_url || is_path) {
        return Some(text.to_owned());
    }
    let what = format!("`{}` is {text:?}, which is neither a URL nor a path", value.path);
    sink.refuse_with(value.at, what, "write \"https://HOST/PATH\" or \"/PATH\"".to_owned());
    None
}

fn synthetic(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<Synthetic> {
    let table = value.table(sink)?;
    table.only(&keys::SYNTHETIC, sink);
    let status = match table.get("status") {
        Some(value) => value.number(200, 599, sink).and_then(|status| u16::try_from(status).ok()),
        None => Some(200),
    };
    let content_type = match table.get("content_type") {
        Some(value) => media_type(&value, sink),
        None => Some(PLAIN.to_owned()),
    };
    let body = match table.get("body") {
        Some(value) => value.any_text(sink).map(str::to_owned),
        None => Some(String::new()),
    };
    let synthetic = Synthetic { status: status?, content_type: content_type?, body: body? };
    if BODILESS.contains(&synthetic.status) && !synthetic.body.is_empty() {
        let what = format!("{} has a body, which no {} has", table.shown(), synthetic.status);
        sink.refuse_with(table.at, what, "leave it out, or write status = 200".to_owned());
    }
    Some(synthetic)
}

/// Statuses whose responses end with their head (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5).
const BODILESS: [u16; 3] = [204, 205, 304];

fn media_type(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    let fits = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if fits && text.contains('/') && text.trim() == text {
        return Some(text.to_owned());
    }
    sink.refuse(value.at, format!("`{}` is {text:?}, which is no media type", value.path));
    None
}
