//! One tag: where it ends, and what it says.

use std::borrow::Cow;

use crate::piece::{Flaw, Include, OnError};

/// What has to be known of a tag's bytes to find its end: a `>` in quotes is none. A quote begins a value only.
#[derive(Debug, Default)]
pub(crate) struct Quotes {
    open: Option<u8>,
    after_equals: bool,
}

impl Quotes {
    /// How many of these bytes belong to the tag, if it ends among them.
    pub(crate) fn end_of_tag(&mut self, bytes: &[u8]) -> Option<usize> {
        bytes.iter().position(|byte| self.is_end(*byte)).map(|last| last + 1)
    }

    fn is_end(&mut self, byte: u8) -> bool {
        match self.open {
            Some(quote) if quote == byte => self.open = None,
            Some(_) => {}
            None if byte == b'>' => return true,
            None if self.after_equals && matches!(byte, b'"' | b'\'') => self.open = Some(byte),
            None => {}
        }
        self.after_equals = match byte {
            b'=' => true,
            _ => self.after_equals && byte.is_ascii_whitespace(),
        };
        false
    }
}

/// A tag of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Include(Include),
    /// What follows is removed.
    Remove,
    /// It stands for nothing.
    Nothing,
}

impl Tag {
    /// Reads a tag from `<` to `>`.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Flaw> {
        let inner = bytes.strip_prefix(b"<").and_then(|inner| inner.strip_suffix(b">"));
        let inner = inner.ok_or(Flaw::UnknownTag)?;
        let (inner, is_empty) = inner.strip_suffix(b"/").map_or((inner, false), |it| (it, true));
        let (name, attributes) = word(inner);
        match name {
            b"esi:include" => include(attributes).map(Self::Include),
            b"esi:remove" if !is_empty => Ok(Self::Remove),
            b"esi:comment" | b"esi:remove" => Ok(Self::Nothing),
            b"/esi:include" | b"/esi:comment" | b"/esi:remove" => Ok(Self::Nothing),
            _ => Err(Flaw::UnknownTag),
        }
    }
}

/// A name, and what follows it.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| byte.is_ascii_whitespace());
    bytes.split_at(end.unwrap_or(bytes.len()))
}

fn include(attributes: &[u8]) -> Result<Include, Flaw> {
    let src = attribute(attributes, b"src").and_then(text);
    let onerror = match attribute(attributes, b"onerror") {
        Some(b"continue") => OnError::Continue,
        _ => OnError::Fail,
    };
    let alt = attribute(attributes, b"alt").and_then(text);
    Ok(Include { src: src.ok_or(Flaw::NoSource)?, alt, onerror })
}

/// The value of the first attribute of a name.
fn attribute<'t>(attributes: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let (found, value, behind) = next_attribute(rest);
        if found == name {
            return value;
        }
        rest = behind;
    }
}

/// A name, its value if it has one, and what follows. Takes at least one byte.
fn next_attribute(bytes: &[u8]) -> (&[u8], Option<&[u8]>, &[u8]) {
    let end = bytes.iter().skip(1).position(|byte| *byte == b'=' || byte.is_ascii_whitespace());
    let (name, behind) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
    let Some(value) = behind.trim_ascii_start().strip_prefix(b"=") else {
        return (name, None, behind);
    };
    let value = value.trim_ascii_start();
    match value.split_first() {
        Some((quote @ (b'"' | b'\''), value)) => {
            let end = value.iter().position(|byte| byte == quote).unwrap_or(value.len());
            let (value, behind) = value.split_at(end);
            (name, Some(value), behind.get(1..).unwrap_or_default())
        }
        _ => {
            let (value, behind) = word(value);
            (name, Some(value), behind)
        }
    }
}

/// A value as text, its entities resolved; one that says nothing is none.
fn text(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?.trim();
    (!text.is_empty()).then(|| unescaped(text).into_owned())
}

const ENTITIES: [(&str, char); 5] =
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')];

/// The five entities that XML has by itself; others stay as they are.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let entity = ENTITIES.iter().find(|(entity, _)| from.starts_with(entity));
        let (length, character) = entity.map_or((1, '&'), |(entity, it)| (entity.len(), *it));
        plain.push(character);
        rest = from.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}
