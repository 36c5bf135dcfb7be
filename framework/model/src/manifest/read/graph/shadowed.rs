//! Rules that never have a say, because one before them answers everything that they are for. Only what is plain to see is
//! found: the same conditions, or fewer of them.

use std::collections::BTreeMap;

use super::rule_at::{place, shown};
use super::{Sink, Table};
use crate::manifest::{PathPattern, Rule, Service, ServiceKind, Wanted, When};
use crate::pattern::TextPattern;

/// Warns of each such rule.
pub(super) fn rules(service: &Service, root: &Table<'_>, sink: &mut Sink<'_>) {
    let ServiceKind::Delivery { rules, .. } = &service.kind else { return };
    for (number, rule) in rules.iter().enumerate() {
        // Changes of an answer's headers are made to what a rule answers, too.
        if !rule.then.response_headers.is_empty() {
            continue;
        }
        let before = rules.iter().enumerate().take(number);
        let mut ends = before.filter(|(_, rule)| ends_at_once(rule));
        if let Some((first, _)) = ends.find(|(_, end)| covers(&end.when, &rule.when)) {
            let (rule, end) = (shown(rules, number), shown(rules, first));
            let what = format!("{rule} of `{}` never has a say", service.name);
            let hint = format!("{end} answers all that it is for: write it after this one");
            let at = place(service, number, root, sink);
            sink.warn(at, what, hint);
        }
    }
}

fn ends_at_once(rule: &Rule) -> bool {
    rule.then.end.is_some() && rule.when_response.is_any()
}

/// Whether whatever meets the narrow one's conditions meets the wide one's.
pub(super) fn covers(wide: &When, narrow: &When) -> bool {
    covers_all(&wide.method, &narrow.method)
        && covers_all(&wide.client, &narrow.client)
        && wide.host.as_ref().is_none_or(|host| covers_host(host, narrow.host.as_ref()))
        && wide.path.as_ref().is_none_or(|path| covers_path(path, narrow.path.as_ref()))
        && has_all(&narrow.query, &wide.query)
        && has_all(&narrow.header, &wide.header)
        && has_all(&narrow.cookie, &wide.cookie)
}

/// One of some is asked for; none is any.
fn covers_all<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
    wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|one| wide.contains(one)))
}

/// The same pattern, or one that matches the other, which is a host then.
pub(super) fn covers_host(wide: &TextPattern, narrow: Option<&TextPattern>) -> bool {
    let Some(narrow) = narrow.map(TextPattern::as_str) else { return false };
    wide.as_str() == narrow || (!narrow.contains('*') && wide.matches(narrow))
}

/// The same pattern, one that matches the other, which is a path then, or one for everything below a path that begins
/// the other.
pub(super) fn covers_path(wide: &PathPattern, narrow: Option<&PathPattern>) -> bool {
    let Some(narrow) = narrow.map(PathPattern::as_str) else { return wide.as_str() == "/**" };
    let below = wide.as_str().strip_suffix("/**").filter(|prefix| !prefix.contains('*'));
    let begins = |prefix: &str| {
        let rest = narrow.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_matched = || !narrow.contains('*') && wide.matches(narrow);
    wide.as_str() == narrow || below.is_some_and(begins) || is_matched()
}

fn has_all(narrow: &BTreeMap<String, Wanted>, wide: &BTreeMap<String, Wanted>) -> bool {
    wide.iter().all(|(name, wanted)| narrow.get(name) == Some(wanted))
}
