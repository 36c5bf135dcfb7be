//! Validators: entity tags, lists of them, and when `Last-Modified` is strong (RFC 9110 section 8.8).
//!
//! Reading is lenient where that is safe. A tag outside the grammar, such as one without quotes, is kept and equals
//! only the very same bytes, and it is never strong: whatever compares with it may answer 304 but builds nothing.

use http::header::{AsHeaderName, ETAG};
use http::{HeaderMap, HeaderValue};

use crate::members::{members, opaque_tag};
use crate::when::DateField;

/// A `Last-Modified` this much older than `Date` is strong: no second change fell into its second (section 8.8.2.2).
const STRONG_AFTER_MS: u64 = 1000;

/// One entity tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityTag<'a> {
    kind: Kind,
    text: &'a [u8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Strong,
    Weak,
    Malformed,
}

impl<'a> EntityTag<'a> {
    /// Reads one tag; `None` when there is nothing to read.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let text = text.trim_ascii();
        let kind = match text.strip_prefix(b"W/") {
            Some(rest) if is_quoted(rest) => Kind::Weak,
            None if is_quoted(text) => Kind::Strong,
            _ => Kind::Malformed,
        };
        (!text.is_empty()).then_some(Self { kind, text })
    }

    /// The `ETag` of a response. Two lines of it contradict each other and count as none.
    #[must_use]
    pub fn of(headers: &'a HeaderMap) -> Option<Self> {
        Self::of_lines(headers.get_all(ETAG).iter().map(HeaderValue::as_bytes))
    }

    /// The same of the lines of the field.
    pub(crate) fn of_lines(mut lines: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        match (lines.next(), lines.next()) {
            (Some(line), None) => Self::parse(line),
            _ => None,
        }
    }

    /// Whether it is well-formed and without `W/`.
    #[must_use]
    pub fn is_strong(self) -> bool {
        self.kind == Kind::Strong
    }

    /// The strong comparison (section 8.8.3.2): both are strong and alike.
    #[must_use]
    pub fn strong_eq(self, other: EntityTag<'_>) -> bool {
        self.is_strong() && other.is_strong() && self.text == other.text
    }

    /// The weak comparison (section 8.8.3.2): alike apart from `W/`.
    #[must_use]
    pub fn weak_eq(self, other: EntityTag<'_>) -> bool {
        let both_read = self.is_well_formed() == other.is_well_formed();
        both_read && self.opaque() == other.opaque()
    }

    /// The tag as it was written, `W/` and quotes included.
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.text
    }

    fn is_well_formed(self) -> bool {
        self.kind != Kind::Malformed
    }

    fn opaque(self) -> &'a [u8] {
        match self.kind {
            Kind::Weak => self.text.strip_prefix(b"W/").unwrap_or(self.text),
            Kind::Strong | Kind::Malformed => self.text,
        }
    }
}

/// What a field such as `If-None-Match` lists (section 13.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagList<'a> {
    /// `*`: any representation at all.
    Any,
    /// These tags.
    Tags(Vec<EntityTag<'a>>),
}

impl<'a> TagList<'a> {
    /// Reads all lines of the field `name`; `None` when it is absent. A `*` beside tags is not the `*` of the grammar
    /// and matches nothing by itself.
    #[must_use]
    pub fn of(headers: &'a HeaderMap, name: impl AsHeaderName) -> Option<Self> {
        let mut lines = headers.get_all(name).iter().peekable();
        lines.peek()?;
        let listed = lines.flat_map(|line| members(line.as_bytes(), opaque_tag));
        let tags: Vec<EntityTag<'a>> = listed.filter_map(EntityTag::parse).collect();
        match tags.as_slice() {
            [only] if only.text == b"*" => Some(Self::Any),
            _ => Some(Self::Tags(tags)),
        }
    }

    /// Whether the list names a representation that exists and has this tag, by the weak comparison.
    #[must_use]
    pub fn matches_weakly(&self, tag: Option<EntityTag<'_>>) -> bool {
        match (self, tag) {
            (Self::Any, _) => true,
            (Self::Tags(_), None) => false,
            (Self::Tags(tags), Some(tag)) => tags.iter().any(|listed| listed.weak_eq(tag)),
        }
    }
}

/// The `Last-Modified` of a response in unix milliseconds, if by its `Date` it is strong enough to tell its bytes apart
/// from those of any other version.
#[must_use]
pub fn strong_last_modified(modified: DateField, date: DateField) -> Option<u64> {
    let (modified, made) = (modified.at()?, date.at()?);
    (made >= modified.saturating_add(STRONG_AFTER_MS)).then_some(modified)
}

/// Quotes around, and none inside: tags know no escapes.
fn is_quoted(text: &[u8]) -> bool {
    let inside = text.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    inside.is_some_and(|inside| !inside.contains(&b'"'))
}

#[cfg(test)]
mod tests;
