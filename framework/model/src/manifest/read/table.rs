//! A TOML table that knows its path and its place.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::keys::Keys;
use super::sink::{At, Sink};
use super::value::Value;
use crate::suggest;

type Key<'a> = Spanned<DeString<'a>>;

/// A table with the path that leads to it, as messages show it.
#[derive(Clone)]
pub(super) struct Table<'a> {
    pub(super) entries: &'a DeTable<'a>,
    /// Where the table's own key stands.
    pub(super) at: At,
    /// Dotted; empty for the whole text.
    pub(super) path: String,
}

/// One entry of a table: its key with place, and its value.
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) key_at: At,
    pub(super) value: Value<'a>,
}

impl<'a> Table<'a> {
    /// The whole text.
    pub(super) fn root(entries: &'a DeTable<'a>) -> Self {
        Self { entries, at: At(0), path: String::new() }
    }

    /// All entries.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        self.entries.iter().map(|(key, value)| self.entry(key, value))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Value<'a>> {
        let (key, value) = self.entries.get_key_value(key)?;
        Some(self.entry(key, value).value)
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &str, hint: &str, sink: &mut Sink<'_>) -> Option<Value<'a>> {
        let value = self.get(key);
        if value.is_none() {
            let what = format!("{} needs `{key}`", self.shown());
            sink.absent(self.at, what, hint.to_owned());
        }
        value
    }

    /// The table under a key, if there is one; says nothing if there is something else.
    pub(super) fn peek(&self, key: &str) -> Option<Table<'a>> {
        let value = self.get(key)?;
        match value.value {
            DeValue::Table(entries) => Some(Table { entries, at: value.key_at, path: value.path }),
            _ => None,
        }
    }

    /// The table under a key; anything else there is a problem.
    pub(super) fn table(&self, key: &str, sink: &mut Sink<'_>) -> Option<Table<'a>> {
        self.get(key)?.table(sink)
    }

    /// The keys, as written.
    pub(super) fn names(&self) -> Vec<&'a str> {
        self.entries.keys().map(|key| key.get_ref().as_ref()).collect()
    }

    /// Reports keys that are unknown, renamed or not supported yet.
    pub(super) fn only(&self, keys: &Keys, sink: &mut Sink<'_>) {
        for entry in self.entries() {
            if !keys.known.contains(&entry.key) {
                self.unknown(&entry, keys, sink);
            }
        }
    }

    fn unknown(&self, entry: &Entry<'_>, keys: &Keys, sink: &mut Sink<'_>) {
        let key = entry.key;
        if keys.later.contains(&key) {
            return sink
                .refuse(entry.key_at, format!("`{}` is not supported yet", entry.value.path));
        }
        let renamed = keys.renamed.iter().find(|(old, _)| *old == key);
        let hint = match renamed {
            Some((_, new)) => Some(format!("it is called `{new}` here")),
            None => suggest::hint(key, keys.known.iter().copied()),
        };
        sink.refuse_with(entry.key_at, format!("{} has no key `{key}`", self.shown()), hint);
    }

    /// The table in a message.
    pub(super) fn shown(&self) -> String {
        match self.path.as_str() {
            "" => "the manifest".to_owned(),
            path => format!("`{path}`"),
        }
    }

    fn entry(&self, key: &'a Key<'a>, value: &'a Spanned<DeValue<'a>>) -> Entry<'a> {
        let name: &'a str = key.get_ref().as_ref();
        let key_at = At(key.span().start);
        let path = self.path_of(name);
        let value = Value { value: value.get_ref(), at: At(value.span().start), key_at, path };
        Entry { key: name, key_at, value }
    }

    fn path_of(&self, key: &str) -> String {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let key = match !key.is_empty() && key.bytes().all(plain) {
            true => key.to_owned(),
            false => format!("{key:?}"),
        };
        match self.path.as_str() {
            "" => key,
            path => format!("{path}.{key}"),
        }
    }
}
