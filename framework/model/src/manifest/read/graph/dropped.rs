//! Parameters that a rule looks at and that a cache key leaves out (`ignore_query`): requests with and without them share
//! objects.

use std::collections::BTreeMap;

use super::shadowed::covers;
use crate::manifest::{IgnoreQuery, Rule, Wanted, When};

/// The parameters that a rule looks at and that the key of some of its requests does not have.
pub(super) fn dropped<'m>(rules: &'m [Rule], rule: &'m Rule) -> impl Iterator<Item = &'m str> {
    rule.when.query.keys().map(String::as_str).filter(|name| is_dropped(rules, rule, name))
}

/// Of the rules that say something of a key, the first that is for a request decides it; one that is for all requests of the
/// rule leaves nothing to those after it.
fn is_dropped(rules: &[Rule], rule: &Rule, name: &str) -> bool {
    let keyed = rules.iter().filter_map(|other| Some((&other.when, other.then.key.as_ref()?)));
    for (when, key) in keyed {
        if may_meet(when, &rule.when) && leaves_out(&key.ignore_query, name) {
            return true;
        }
        if covers(when, &rule.when) {
            return false;
        }
    }
    false
}

fn leaves_out(ignored: &IgnoreQuery, name: &str) -> bool {
    match ignored {
        IgnoreQuery::Nothing => false,
        IgnoreQuery::All => true,
        IgnoreQuery::Named(patterns) => patterns.iter().any(|pattern| pattern.matches(name)),
    }
}

/// Whether some request may be for both. Only what is plain to see rules that out: other methods, another path without
/// stars, or a parameter, header or cookie that the one wants there and the other away.
fn may_meet(one: &When, other: &When) -> bool {
    let methods = one.method.is_empty()
        || other.method.is_empty()
        || one.method.iter().any(|method| other.method.contains(method));
    methods
        && may_be_same_path(one, other)
        && may_be_same_path(other, one)
        && agree(&one.query, &other.query)
        && agree(&one.header, &other.header)
        && agree(&one.cookie, &other.cookie)
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
