//! "Did you mean": the nearest known name, for manifest, macros and admin API alike.

use std::collections::BTreeSet;

/// The furthest that a suggestion may be from what was written, in edits.
const EDITS_MAX: usize = 2;

/// The most names that a hint lists.
const LISTED_MAX: usize = 12;

/// The known name nearest to `wanted`: at most two edits away, and fewer edits than `wanted` has
/// characters, so that a one-letter name does not suggest every other one. Of two equally near
/// names the first wins.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wanted.chars().count();
    known
        .into_iter()
        .filter(|name| name.chars().count().abs_diff(length) <= EDITS_MAX)
        .map(|name| (strsim::osa_distance(wanted, name), name))
        .filter(|(edits, _)| *edits <= EDITS_MAX && *edits < length)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// The hint that goes with an unknown name: the nearest known one, else all of them.
///
/// ```
/// use selvedge_model::suggest::hint;
///
/// assert_eq!(hint("linsk", ["links"]), Some("did you mean `links`?".to_owned()));
/// assert_eq!(hint("zebra", ["a", "b"]), Some("known here: `a`, `b`".to_owned()));
/// assert_eq!(hint("zebra", []), None);
/// ```
pub fn hint<'a>(
    wanted: &str,
    known: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Option<String> {
    let known = known.into_iter();
    match nearest(wanted, known.clone()) {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None => listed(known),
    }
}

/// The known names as one line, each once, or nothing when there are none.
fn listed<'a>(known: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut seen = BTreeSet::new();
    let known = known.filter(|name| seen.insert(*name));
    let mut names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    if names.len() > LISTED_MAX {
        names.truncate(LISTED_MAX);
        names.push("...".to_owned());
    }
    (!names.is_empty()).then(|| format!("known here: {}", names.join(", ")))
}

#[cfg(test)]
mod tests;
