//! [`Wanted`]: what a rule asks of something that may be there several times or not at all.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::pattern::TextPattern;

/// What is asked of a parameter, header or cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is there, whatever it says.
    Present,
    /// It is not there.
    Absent,
    /// It is there and one of its values matches.
    Like(TextPattern),
}

impl Wanted {
    /// Whether these values, all that there are, are what is asked for.
    pub fn is_met<'v>(&self, values: impl IntoIterator<Item = Cow<'v, str>>) -> bool {
        let mut values = values.into_iter();
        match self {
            Wanted::Present => values.next().is_some(),
            Wanted::Absent => values.next().is_none(),
            Wanted::Like(pattern) => values.any(|value| pattern.matches(&value)),
        }
    }
}

/// The first of what is asked by name that is not met by the values of that name.
pub(super) fn first_unmet<'w, 'v>(
    wanted: &'w BTreeMap<String, Wanted>,
    values: impl Fn(&str) -> Vec<Cow<'v, str>>,
) -> Option<(&'w str, &'w Wanted)> {
    let mut all = wanted.iter().map(|(name, wanted)| (name.as_str(), wanted));
    all.find(|(name, wanted)| !wanted.is_met(values(name)))
}

/// A line without the white space around it. Bytes that are no UTF-8 become replacement characters.
pub(super) fn text(line: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(line.trim_ascii())
}
