//! A TOML value that knows its path and its place, read as the type that is wanted there.

use std::time::Duration;

use toml::de::{DeInteger, DeValue};

use super::sink::{At, Sink};
use super::table::Table;
use crate::manifest::{bytes, duration};
use crate::suggest;

/// A value with the path that leads to it, as messages show it.
#[derive(Clone)]
pub(super) struct Value<'a> {
    pub(super) value: &'a DeValue<'a>,
    pub(super) at: At,
    /// Where its key stands; for an item of an array, the item itself.
    pub(super) key_at: At,
    pub(super) path: String,
}

impl<'a> Value<'a> {
    pub(super) fn text(&self, sink: &mut Sink<'_>) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => self.mismatch("a string", sink),
        }
    }

    /// A text that may be anything: a number or boolean there only lacks its quotes.
    pub(super) fn any_text(&self, sink: &mut Sink<'_>) -> Option<&'a str> {
        let bare = match self.value {
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Datetime(time) => time.to_string(),
            _ => return self.text(sink),
        };
        let what = format!("`{}` must be a string, not {}", self.path, self.kind());
        sink.refuse_with(self.at, what, format!("quote it: \"{bare}\""));
        None
    }

    pub(super) fn boolean(&self, sink: &mut Sink<'_>) -> Option<bool> {
        match self.value {
            DeValue::Boolean(value) => Some(*value),
            _ => self.mismatch("`true` or `false`", sink),
        }
    }

    /// Whether it is `true` or `false`, for keys that take that or something else.
    pub(super) fn is_boolean(&self) -> bool {
        matches!(self.value, DeValue::Boolean(_))
    }

    /// Whether it is a string, for keys that take that or something else.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    /// Whether it is an array, for keys that take that or something else.
    pub(super) fn is_array(&self) -> bool {
        self.value.is_array()
    }

    /// Whether it is a table, for keys that take that or something else.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// Whether it is a whole number, for keys that take that or something else.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.value, DeValue::Integer(_))
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, min: u64, max: u64, sink: &mut Sink<'_>) -> Option<u64> {
        let DeValue::Integer(integer) = self.value else {
            return self.mismatch("a whole number", sink);
        };
        let number = whole(integer).filter(|number| (min..=max).contains(number));
        if number.is_none() {
            let what = format!("`{}` is {integer}; it must be from {min} to {max}", self.path);
            sink.refuse(self.at, what);
        }
        number
    }

    pub(super) fn duration(&self, sink: &mut Sink<'_>) -> Option<Duration> {
        let DeValue::String(text) = self.value else {
            return self.mismatch("a string such as \"5m\"", sink);
        };
        let parsed = duration::parse(text);
        if parsed.is_none() {
            let what = format!("`{}` is {text:?}, which is no duration", self.path);
            sink.refuse_with(self.at, what, format!("write {}", duration::SHAPE));
        }
        parsed
    }

    /// A number of bytes, with its unit.
    pub(super) fn bytes(&self, sink: &mut Sink<'_>) -> Option<u64> {
        let DeValue::String(text) = self.value else {
            return self.mismatch("a string such as \"256MiB\"", sink);
        };
        let parsed = bytes::parse(text);
        if parsed.is_none() {
            let what = format!("`{}` is {text:?}, which is no number of bytes", self.path);
            sink.refuse_with(self.at, what, format!("write {}", bytes::SHAPE));
        }
        parsed
    }

    pub(super) fn table(&self, sink: &mut Sink<'_>) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(entries) => {
                Some(Table { entries, at: self.key_at, path: self.path.clone() })
            }
            _ => self.mismatch("a table", sink),
        }
    }

    /// The items of an array, counted from 0 in their paths.
    pub(super) fn array(&self, sink: &mut Sink<'_>) -> Option<Vec<Value<'a>>> {
        let DeValue::Array(items) = self.value else {
            return self.mismatch("an array", sink);
        };
        let item = |(index, item): (usize, &'a toml::Spanned<DeValue<'a>>)| {
            let at = At(item.span().start);
            let path = format!("{}[{index}]", self.path);
            Value { value: item.get_ref(), at, key_at: at, path }
        };
        Some(items.iter().enumerate().map(item).collect())
    }

    /// A text out of a closed list; some words are known but not supported yet.
    pub(super) fn word<T: Copy>(
        &self,
        words: &[(&str, T)],
        later: &[&str],
        sink: &mut Sink<'_>,
    ) -> Option<T> {
        let text = self.text(sink)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known = || words.iter().map(|(word, _)| *word);
            let (what, hint) = match later.contains(&text) {
                true => ("is not supported yet", listed(known())),
                false => ("is unknown", suggest::hint(text, known())),
            };
            sink.refuse_with(self.at, format!("`{}` = {text:?} {what}", self.path), hint);
        }
        found.map(|(_, value)| *value)
    }

    /// Turns a text into a checked name; a refusal is a problem at this place.
    pub(super) fn checked<T, E: std::fmt::Display>(
        &self,
        check: impl FnOnce(&'a str) -> Result<T, E>,
        sink: &mut Sink<'_>,
    ) -> Option<T> {
        match check(self.any_text(sink)?) {
            Ok(checked) => Some(checked),
            Err(error) => {
                sink.refuse(self.at, format!("`{}`: {error}", self.path));
                None
            }
        }
    }

    /// Turns a text into something that is taken apart once; a refusal is the rest of a sentence about the text.
    pub(super) fn compiled<T>(
        &self,
        compile: impl FnOnce(&'a str) -> Result<T, String>,
        sink: &mut Sink<'_>,
    ) -> Option<T> {
        let text = self.text(sink)?;
        let refused = |why| sink.refuse(self.at, format!("`{}`: {text:?} {why}", self.path));
        compile(text).map_err(refused).ok()
    }

    /// Reports that another type is wanted here.
    pub(super) fn mismatch<T>(&self, wanted: &str, sink: &mut Sink<'_>) -> Option<T> {
        sink.refuse(self.at, format!("`{}` must be {wanted}, not {}", self.path, self.kind()));
        None
    }

    fn kind(&self) -> &'static str {
        match self.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a fraction",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        }
    }
}

/// The words that are accepted, as a hint.
fn listed<'w>(words: impl Iterator<Item = &'w str>) -> Option<String> {
    let words: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    Some(format!("write {}", words.join(" or ")))
}

/// The number, if it is neither negative nor too large.
fn whole(integer: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}
