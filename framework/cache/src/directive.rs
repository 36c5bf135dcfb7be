//! The list of directives that `Cache-Control`, `Surrogate-Control` and `Pragma` share, cut into names and arguments.
//!
//! RFC 9111 section 5.2. Cutting is total and lenient: whatever is malformed is a directive with an odd name, or one
//! whose argument is invalid. What a directive means is not decided here.

use std::borrow::Cow;

use http::header::AsHeaderName;
use http::{HeaderMap, HeaderName};

use crate::control::Delta;
use crate::members::{members, quoted_string};
use crate::when::parse_delta_seconds;

/// The directives of all lines of the field `name`. Each line stands for itself, so that a quote which one line leaves
/// open does not swallow the next.
pub(crate) fn directives(
    headers: &HeaderMap,
    name: impl AsHeaderName,
) -> impl Iterator<Item = Directive<'_>> {
    let lines = headers.get_all(name).into_iter();
    lines.flat_map(|line| members(line.as_bytes(), quoted_string)).map(Directive::split)
}

/// One member of the list: a name, and the bytes after the first `=` as they stand.
pub(crate) struct Directive<'a> {
    name: &'a [u8],
    argument: Option<&'a [u8]>,
    /// White space before the `=` is outside the grammar; the name still counts, its argument does not.
    spaced: bool,
}

impl<'a> Directive<'a> {
    fn split(member: &'a [u8]) -> Self {
        let (name, argument) = match member.iter().position(|byte| *byte == b'=') {
            Some(at) => (&member[..at], Some(&member[at + 1..])),
            None => (member, None),
        };
        let spaced = argument.is_some() && name.last().is_some_and(u8::is_ascii_whitespace);
        Self { name: name.trim_ascii(), argument, spaced }
    }

    /// Its name in lower case, as nearly all are written; names are compared without regard to case.
    pub(crate) fn name(&self) -> Cow<'a, [u8]> {
        match self.name.iter().any(u8::is_ascii_uppercase) {
            true => Cow::Owned(self.name.to_ascii_lowercase()),
            false => Cow::Borrowed(self.name),
        }
    }

    /// Whether a `=` follows its name.
    pub(crate) fn has_argument(&self) -> bool {
        self.argument.is_some()
    }

    /// The argument as seconds; the quoted form is outside the grammar but accepted, as RFC 9111 section 5.2 asks.
    pub(crate) fn seconds(&self) -> Delta {
        let Some(argument) = self.argument.filter(|_| !self.spaced) else { return Delta::Invalid };
        parse_delta_seconds(unquoted(argument)).map_or(Delta::Invalid, Delta::Seconds)
    }

    /// The argument as a list of field names, in quotes or, for a single one, without; `None` when there is no
    /// argument or when it is anything else.
    pub(crate) fn field_names(&self) -> Option<Vec<HeaderName>> {
        self.argument.filter(|_| !self.spaced).and_then(|argument| field_names(unquoted(argument)))
    }
}

/// A comma-separated list of at least one field name; empty members are skipped (RFC 9110 section 5.6.1).
pub(crate) fn field_names(list: &[u8]) -> Option<Vec<HeaderName>> {
    let members = list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let named = members.filter(|member| !member.is_empty()).map(HeaderName::from_bytes);
    named.collect::<Result<Vec<_>, _>>().ok().filter(|names| !names.is_empty())
}

fn unquoted(argument: &[u8]) -> &[u8] {
    argument.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(argument)
}

#[cfg(test)]
mod tests;
