//! What some requests are sent to, and with which headers, as far as that is plain to see.

use std::collections::BTreeSet;

use crate::manifest::read::graph::meet::{may_meet, meet};
use crate::manifest::read::graph::shadowed::covers;
use crate::manifest::{
    Backend, HeaderChanges, KeyChange, Rule, Service, ServiceCache, ServiceKind, When,
};

/// What requests are sent to and with, and by what else the cache knows them.
pub(super) struct Sent<'m> {
    backends: BTreeSet<&'m str>,
    changes: Vec<&'m HeaderChanges>,
    key: Option<&'m KeyChange>,
}

impl Sent<'_> {
    /// How the answers of two kinds of requests that share path and host differ, of each; `None` if they do not, or do not
    /// share a key.
    pub(super) fn told(here: &Self, there: &Self) -> Option<(String, String)> {
        if here.backends.is_empty() || there.backends.is_empty() || here.is_known_from(there) {
            return None;
        }
        let answer = |names: &BTreeSet<&str>| {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("{} answer{}", names.join(" or "), if names.len() == 1 { "s" } else { "" })
        };
        if here.backends != there.backends {
            let rest = &there.backends - &here.backends;
            return match rest.is_empty() {
                false => Some((answer(&here.backends), answer(&rest))),
                true => {
                    Some((answer(&(&here.backends - &there.backends)), answer(&there.backends)))
                }
            };
        }
        let both = answer(&here.backends);
        (here.changes != there.changes)
            .then(|| (format!("{both} to some headers"), "it answers to others".to_owned()))
    }

    /// Whether the keys differ by a header or a cookie: one has it in the key, or both have it and rules say what it is for
    /// both, so that no client does.
    fn is_known_from(&self, other: &Self) -> bool {
        let added = |sent: &Self| {
            let key = sent.key.map(|key| (key.add_headers.clone(), key.add_cookies.clone()));
            key.unwrap_or_default()
        };
        let (here, there) = (added(self), added(other));
        let is_said = |sent: &Self, name: &String| {
            sent.changes.iter().any(|changes| {
                let mut lines = changes.set.iter().chain(&changes.append);
                changes.remove.contains(name) || lines.any(|(field, _)| field == name)
            })
        };
        here != there
            || (self.changes != other.changes
                && here.0.iter().any(|name| is_said(self, name) && is_said(other, name)))
    }
}

/// What requests are sent to and with. A rule that is for some of them may choose the backend; one that changes headers
/// counts where it is for all.
pub(super) fn sent<'m>(service: &'m Service, when: &When) -> Sent<'m> {
    let ServiceKind::Delivery { rules, backend } = &service.kind else {
        return Sent { backends: BTreeSet::new(), changes: Vec::new(), key: None };
    };
    let for_all = rules.iter().filter(|rule| covers(&rule.when, when));
    let changes = for_all.clone().map(|rule| &rule.then.request_headers);
    Sent {
        backends: backends(service, rules, backend.as_str(), when),
        changes: changes.filter(|changes| !changes.is_empty()).collect(),
        key: for_all.clone().find_map(|rule| rule.then.key.as_ref()),
    }
}

fn backends<'m>(
    service: &'m Service,
    rules: &'m [Rule],
    default: &'m str,
    when: &When,
) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    for rule in rules {
        let Some(chosen) = &rule.then.backend else { continue };
        let is_for_some = may_meet(&rule.when, when);
        let both = meet(&rule.when, when);
        if is_for_some && is_stored(rules, both.as_ref().unwrap_or(&rule.when)) {
            found.insert(one_of_its_kind(service, chosen.as_str()));
        }
        if covers(&rule.when, when) {
            return found;
        }
    }
    found.insert(one_of_its_kind(service, default));
    found
}

/// The first backend that leads where this one does: what two names of one place answer is the same.
fn one_of_its_kind<'m>(service: &'m Service, name: &'m str) -> &'m str {
    let goal = |backend: &'m Backend| (&backend.target, &backend.override_host);
    let Some(backend) = service.backends.get(name) else { return name };
    let mut same = service.backends.values().filter(|other| goal(other) == goal(backend));
    same.next().map_or(name, |backend| backend.name.as_str())
}

/// Whether answers to some requests may be stored: they read, no rule answers them at once, and none that is for all of
/// them passes.
pub(super) fn is_stored(rules: &[Rule], when: &When) -> bool {
    let is_read =
        when.method.is_empty() || when.method.iter().any(|it| it == "GET" || it == "HEAD");
    let early = rules.iter().filter(|rule| rule.when_response.is_any());
    let mut for_all = early.filter(|rule| covers(&rule.when, when));
    let passes = for_all.clone().find_map(|rule| rule.then.pass);
    let cache = for_all.clone().find_map(|rule| rule.then.cache);
    is_read
        && passes != Some(true)
        && cache != Some(ServiceCache::Off)
        && !for_all.any(|rule| rule.then.end.is_some())
}
