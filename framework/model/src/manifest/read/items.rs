//! Items of KV and secret stores: a key, and one source for the value.

use super::keys;
use super::places::path;
use super::sink::Sink;
use super::table::Table;
use super::value::Value;
use crate::key::KvKey;
use crate::limits::{KV_METADATA_MAX, KV_VALUE_MAX, SECRET_MAX};
use crate::manifest::{KvSeed, SecretItem, Source};
use crate::name::SecretName;

/// A seed of a KV store.
pub(super) fn seed(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<KvSeed> {
    table.only(&keys::KV_ITEM, sink);
    let key = key(table, sink).and_then(|key| key.checked(KvKey::new, sink));
    let value = source(table, &["data", "file", "env"], KV_VALUE_MAX, sink);
    let metadata = table.get("metadata").and_then(|value| metadata(&value, sink));
    Some(KvSeed { key: key?, value: value?, metadata })
}

/// A secret.
pub(super) fn secret(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<SecretItem> {
    table.only(&keys::SECRET_ITEM, sink);
    let name = key(table, sink).and_then(|key| key.checked(SecretName::new, sink));
    let source = source(table, &["data", "file", "env", "generate"], SECRET_MAX, sink);
    Some(SecretItem::new(&name?, source?))
}

fn key<'a>(table: &Table<'a>, sink: &mut Sink<'_>) -> Option<Value<'a>> {
    table.need("key", "write key = \"...\"", sink)
}

fn metadata(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.any_text(sink)?;
    too_large(value, text, KV_METADATA_MAX, sink);
    Some(text.to_owned())
}

/// Exactly one of these keys says where the value comes from.
fn source(
    table: &Table<'_>,
    known: &[&str],
    data_max: usize,
    sink: &mut Sink<'_>,
) -> Option<Source> {
    let (key, value) = one_of(table, known, sink)?;
    match key {
        "file" => path(&value, sink).map(Source::File),
        "env" => variable(&value, sink).map(Source::Env),
        "generate" => generate(&value, sink),
        _ => {
            // No hint that quotes what is written: it may be a secret.
            let text = value.text(sink)?;
            too_large(&value, text, data_max, sink);
            Some(Source::Data(text.to_owned()))
        }
    }
}

/// The one key of a list that a table has; none or several of them are a problem.
pub(super) fn one_of<'a, 'k>(
    table: &Table<'a>,
    known: &[&'k str],
    sink: &mut Sink<'_>,
) -> Option<(&'k str, Value<'a>)> {
    let mut found = known.iter().filter_map(|key| Some((*key, table.get(key)?)));
    let first = found.next();
    let others = found.count();
    let wanted = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    match first {
        None => sink.absent(table.at, format!("{} needs one of {wanted}", table.shown()), None),
        Some(_) if others > 0 => {
            let what = format!("{} has {} of {wanted}; one is needed", table.shown(), others + 1);
            sink.refuse(table.at, what);
            return None;
        }
        Some(_) => {}
    }
    first
}

fn variable(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    if text.is_empty() || text.contains(['=', '\0']) {
        sink.refuse(value.at, format!("`{}` must be the name of a variable", value.path));
        return None;
    }
    Some(text.to_owned())
}

/// Kept as hex text, so that half of what a secret may hold is the most.
fn generate(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<Source> {
    let most = u64::try_from(SECRET_MAX / 2).ok()?;
    let bytes = value.number(1, most, sink)?;
    usize::try_from(bytes).ok().map(|bytes| Source::Generate { bytes })
}

fn too_large(value: &Value<'_>, text: &str, max: usize, sink: &mut Sink<'_>) {
    if text.len() > max {
        let what = format!("`{}` has {} bytes; at most {max} fit", value.path, text.len());
        sink.refuse(value.at, what);
    }
}
