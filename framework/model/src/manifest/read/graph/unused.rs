//! Backends that a delivery service never sends to. Code may send to any.

use std::collections::BTreeSet;

use super::{Sink, Table, place};
use crate::manifest::{Service, ServiceKind};

/// Warns of each backend and director that neither the service nor a rule chooses.
pub(super) fn backends(service: &Service, root: &Table<'_>, sink: &mut Sink<'_>) {
    let ServiceKind::Delivery { rules, backend } = &service.kind else { return };
    let chosen = rules.iter().filter_map(|rule| rule.then.backend.as_ref());
    let mut used: BTreeSet<&str> = chosen.chain([backend]).map(|name| name.as_str()).collect();
    let directors = service.directors.values();
    let members = directors.filter(|director| used.contains(director.name.as_str()));
    let members: Vec<&str> = members
        .flat_map(|director| director.members.iter().map(|member| member.backend.as_str()))
        .collect();
    used.extend(members);
    for (section, names) in [
        ("backends", service.backends.keys().collect::<Vec<_>>()),
        ("directors", service.directors.keys().collect()),
    ] {
        for name in names.into_iter().filter(|name| !used.contains(name.as_str())) {
            let at = place(root, &["services", service.name.as_str(), section, name.as_str()]);
            let kind = section.trim_end_matches('s');
            let what = format!("the {kind} `{name}` of `{}` is not used", service.name);
            sink.warn(at, what, "choose it with `backend`, in the service or in a rule");
        }
    }
}
