//! Parameters that a rule looks at and that a cache key leaves out (`ignore_query`): requests with and without them share
//! objects.

use super::meet::may_meet;
use super::shadowed::covers;
use crate::manifest::{IgnoreQuery, Rule};

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
