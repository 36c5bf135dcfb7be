//! What two conditions have in common: whether a request may meet both, and the condition that says both.

use std::collections::BTreeMap;

use super::shadowed::{covers_host, covers_path};
use crate::manifest::{Network, PathPattern, Wanted, When};
use crate::pattern::TextPattern;

/// Whether some request may be for both. Only what is plain to see rules that out: other methods, another host or path
/// without stars, or a parameter, header or cookie that the one wants there and the other away.
pub(super) fn may_meet(one: &When, other: &When) -> bool {
    let methods = one.method.is_empty()
        || other.method.is_empty()
        || one.method.iter().any(|method| other.method.contains(method));
    methods
        && may_be_same_host(one, other)
        && may_be_same_host(other, one)
        && may_be_same_path(one, other)
        && may_be_same_path(other, one)
        && agree(&one.query, &other.query)
        && agree(&one.header, &other.header)
        && agree(&one.cookie, &other.cookie)
}

/// A pattern without stars is a host.
fn may_be_same_host(one: &When, other: &When) -> bool {
    let (Some(one), Some(other)) = (&one.host, &other.host) else { return true };
    one.as_str().contains('*') || other.matches(one.as_str())
}

/// A pattern without stars is a path; one with a star is for no more than what its segments before the star begin.
fn may_be_same_path(one: &When, other: &When) -> bool {
    let (Some(one), Some(other)) = (&one.path, &other.path) else { return true };
    match one.as_str().contains('*') {
        false => other.matches(one.as_str()),
        true => {
            let (one, other) = (beginning(one.as_str()), beginning(other.as_str()));
            one.starts_with(other) || other.starts_with(one)
        }
    }
}

/// What stands before the slash before the first star.
fn beginning(pattern: &str) -> &str {
    let plain = pattern.split('*').next().unwrap_or_default();
    plain.rsplit_once('/').map_or("", |(before, _)| before)
}

/// What may be there several times, may be there with several values.
fn agree(one: &BTreeMap<String, Wanted>, other: &BTreeMap<String, Wanted>) -> bool {
    one.iter().all(|(name, wanted)| {
        let is_absent = |wanted: &Wanted| *wanted == Wanted::Absent;
        other.get(name).is_none_or(|other| is_absent(other) == is_absent(wanted))
    })
}

/// Both conditions in one; `None` where no request meets both, or no condition is plain to see that says both.
pub(super) fn meet(one: &When, other: &When) -> Option<When> {
    if !may_meet(one, other) {
        return None;
    }
    Some(When {
        method: both_methods(&one.method, &other.method),
        host: narrower(one.host.as_ref(), other.host.as_ref(), is_host_in)?,
        path: narrower(one.path.as_ref(), other.path.as_ref(), is_path_in)?,
        query: both_named(&one.query, &other.query)?,
        header: both_named(&one.header, &other.header)?,
        cookie: both_named(&one.cookie, &other.cookie)?,
        client: both_clients(&one.client, &other.client)?,
    })
}

/// None is any.
fn both_methods(one: &[String], other: &[String]) -> Vec<String> {
    match (one, other) {
        ([], all) | (all, []) => all.to_vec(),
        _ => one.iter().filter(|method| other.contains(method)).cloned().collect(),
    }
}

/// None is any.
fn both_clients(one: &[Network], other: &[Network]) -> Option<Vec<Network>> {
    match (one, other) {
        ([], all) | (all, []) => Some(all.to_vec()),
        _ => (one == other).then(|| one.to_vec()),
    }
}

/// The pattern that is for no more than the other.
fn narrower<P: Clone>(
    one: Option<&P>,
    other: Option<&P>,
    is_in: fn(&P, &P) -> bool,
) -> Option<Option<P>> {
    match (one, other) {
        (None, any) | (any, None) => Some(any.cloned()),
        (Some(one), Some(other)) if is_in(one, other) => Some(Some(one.clone())),
        (Some(one), Some(other)) if is_in(other, one) => Some(Some(other.clone())),
        _ => None,
    }
}

fn is_host_in(narrow: &TextPattern, wide: &TextPattern) -> bool {
    covers_host(wide, Some(narrow))
}

fn is_path_in(narrow: &PathPattern, wide: &PathPattern) -> bool {
    covers_path(wide, Some(narrow))
}

type Named = BTreeMap<String, Wanted>;

fn both_named(one: &Named, other: &Named) -> Option<Named> {
    let mut both = one.clone();
    for (name, wanted) in other {
        if both.insert(name.clone(), wanted.clone()).is_some_and(|before| before != *wanted) {
            return None;
        }
    }
    Some(both)
}
