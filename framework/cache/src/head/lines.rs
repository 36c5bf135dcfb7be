//! The header section of a stored response, in one piece of memory: a byte for the name or the name itself, then the
//! value, line after line; or a byte for the whole line. An answer's header map is made of it, and its values are slices
//! of one copy, so that who keeps one of them keeps no body with it.
//!
//! A map of its own would be a dozen allocations and more than a thousand bytes for a handful of lines. What is rarely
//! asked, as the tag by a condition, is looked for line by line.

use std::fmt;

use bytes::Bytes;
use http::header::InvalidHeaderValue;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::common::{self, Common};
use super::names::{self, Known, Role};
use crate::fields::Field;
use crate::number::{read_number, write_number};

/// In the place of a name's number: the name follows, its length first.
const SPELLED: u8 = u8::MAX;

/// How many lines an answer may have beside the stored ones, so that its map has room for them at once: those of
/// `answer`, and what a hop and the connection put in.
const LATER: usize = 8;

/// Lines of a header section, in the order of the map that they are from; several of one name keep theirs.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a>(pub(super) &'a [u8]);

/// One line.
pub(crate) enum Line<'a> {
    /// One whose value is a part of the text.
    Kept {
        name: Name<'a>,
        value: &'a [u8],
        is_sensitive: bool,
    },
    Common(&'static Common),
}

pub(crate) enum Name<'a> {
    Known(&'static Known),
    Spelled(&'a [u8]),
}

/// The lines of a map, or of a part of one, as text.
pub(super) fn text<'a>(fields: impl IntoIterator<Item = Field<'a>> + Clone) -> Vec<u8> {
    let mut text = Vec::with_capacity(fields.clone().into_iter().map(line_room).sum());
    fields.into_iter().for_each(|(name, value)| write_line(&mut text, name, value));
    text
}

impl<'a> Lines<'a> {
    /// The values of a field, in their order.
    pub(super) fn values(self, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> + use<'a, '_> {
        self.iter().filter(move |line| line.is_of(name)).map(|line| line.value())
    }

    /// All lines as a map with room for some more.
    pub(super) fn map(self) -> HeaderMap {
        let room = self.iter().count() + LATER;
        let mut map = HeaderMap::try_with_capacity(room).unwrap_or_default();
        let text = Bytes::copy_from_slice(self.0);
        for line in Lines(&text).iter() {
            append(&mut map, &line, &text);
        }
        map
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Line<'a>> {
        let mut rest = self.0;
        std::iter::from_fn(move || read_line(&mut rest))
    }
}

/// As a map shows itself, which keeps sensitive values to itself.
impl fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.map().fmt(f)
    }
}

impl<'a> Line<'a> {
    /// What it is to who writes an answer. A name that is spelled means nothing to us.
    pub(crate) fn role(&self) -> Role {
        match self {
            Self::Common(Common { name, .. }) => name.role,
            Self::Kept { name: Name::Known(name), .. } => name.role,
            Self::Kept { name: Name::Spelled(_), .. } => Role::Plain,
        }
    }

    pub(crate) fn value(&self) -> &'a [u8] {
        match self {
            Self::Common(common) => common.value.as_bytes(),
            Self::Kept { value, .. } => value,
        }
    }

    /// Writes it as HTTP/1.1 does, behind the end of the line before and without its own.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Common(common) => out.extend_from_slice(common.text.as_bytes()),
            Self::Kept { name: Name::Known(known), value, .. } => {
                out.extend_from_slice(known.start.as_bytes());
                out.extend_from_slice(value);
            }
            Self::Kept { name: Name::Spelled(name), value, .. } => {
                for part in [b"\r\n", *name, b": ", *value] {
                    out.extend_from_slice(part);
                }
            }
        }
    }

    fn is_of(&self, name: &HeaderName) -> bool {
        match self {
            Self::Common(common) => common.name.name == *name,
            Self::Kept { name: Name::Known(known), .. } => known.name == *name,
            Self::Kept { name: Name::Spelled(text), .. } => *text == name.as_str().as_bytes(),
        }
    }

    fn to_name(&self) -> Option<HeaderName> {
        match self {
            Self::Common(common) => Some(common.name.name.clone()),
            Self::Kept { name: Name::Known(known), .. } => Some(known.name.clone()),
            Self::Kept { name: Name::Spelled(text), .. } => HeaderName::from_lowercase(text).ok(),
        }
    }

    /// Its value, with the text that it is kept in.
    fn to_value(&self, text: &Bytes) -> Result<HeaderValue, InvalidHeaderValue> {
        match self {
            Self::Common(common) => Ok(HeaderValue::from_static(common.value)),
            Self::Kept { value, is_sensitive, .. } => {
                let mut value = HeaderValue::from_maybe_shared(text.slice_ref(value))?;
                value.set_sensitive(*is_sensitive);
                Ok(value)
            }
        }
    }
}

/// What was written is read again, so none of this fails.
fn append(map: &mut HeaderMap, line: &Line<'_>, text: &Bytes) {
    let Some(name) = line.to_name() else { return };
    if let Ok(value) = line.to_value(text) {
        let _: Result<bool, _> = map.try_append(name, value);
    }
}

/// More than a line needs, which is given back.
fn line_room((name, value): Field<'_>) -> usize {
    name.as_str().len() + value.len() + 2 * size_of::<u64>()
}

fn write_line(text: &mut Vec<u8>, name: &HeaderName, value: &HeaderValue) {
    if let Some(number) = common::number(name, value) {
        return text.push(number);
    }
    match names::number(name) {
        Some(number) => text.push(number),
        None => {
            text.push(SPELLED);
            write_number(text, name.as_str().len());
            text.extend_from_slice(name.as_str().as_bytes());
        }
    }
    write_number(text, value.len() << 1 | usize::from(value.is_sensitive()));
    text.extend_from_slice(value.as_bytes());
}

#[inline(always)]
fn read_line<'a>(rest: &mut &'a [u8]) -> Option<Line<'a>> {
    let number = *rest.split_off_first()?;
    let name = match names::known(number) {
        Some(known) => Name::Known(known),
        None if number == SPELLED => {
            let len = read_number(rest)?;
            Name::Spelled(rest.split_off(..len)?)
        }
        None => return common::line(number).map(Line::Common),
    };
    let number = read_number(rest)?;
    let value = rest.split_off(..number >> 1)?;
    Some(Line::Kept { name, value, is_sensitive: number & 1 == 1 })
}

#[cfg(test)]
mod tests;
