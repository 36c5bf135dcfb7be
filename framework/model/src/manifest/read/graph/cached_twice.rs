//! Services of a chain that cache the same objects: whoever purges one of them alone gets the old ones back from the other.

use super::{Sink, Table, backend_place};
use crate::chain::{ChainGraph, Domains, Entered};
use crate::manifest::{Manifest, Rule, Service, ServiceCache, ServiceKind};
use crate::name::ServiceName;

/// Warns of each backend through which a delivery service caches what another service caches too.
pub(super) fn warn(
    service: &Service,
    (manifest, graph, domains): (&Manifest, &ChainGraph, &Domains<'_>),
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) {
    for backend in service.backends.values().filter(|it| caches(service, it.name.as_str())) {
        let Entered::Service(next) = domains.entered(backend) else { continue };
        let behind = manifest.services.get(next.as_str());
        // A cycle has no order, which is said once of all its services.
        let has_no_order = graph.are_in_a_cycle(&service.name, next);
        if *next == service.name || has_no_order || !behind.is_some_and(has_cache) {
            continue;
        }
        let what = format!("`{}` and `{next}` cache the same objects", service.name);
        let order = order(graph, [&service.name, next]);
        let hint = format!(
            "purge {order}; or let one of them do without: cache = \"off\", or a rule with pass"
        );
        sink.warn(backend_place(service, backend, root), what, hint);
    }
}

/// Origin side first.
fn order(graph: &ChainGraph, both: [&ServiceName; 2]) -> String {
    let order = graph.purge_order();
    let named = order.iter().filter(|name| both.contains(name)).map(|name| format!("`{name}`"));
    named.collect::<Vec<_>>().join(", then ")
}

/// Whether a service may store what its backends answer.
fn has_cache(service: &Service) -> bool {
    service.cache == ServiceCache::On
        && !service.backends.is_empty()
        && service.backends.keys().any(|name| match &service.kind {
            ServiceKind::Compute { .. } => true,
            ServiceKind::Delivery { .. } => caches(service, name.as_str()),
        })
}

/// Whether a delivery service may store what one of its backends answers.
fn caches(service: &Service, backend: &str) -> bool {
    let ServiceKind::Delivery { rules, backend: default } = &service.kind else { return false };
    if service.cache == ServiceCache::Off || passes_all(rules) {
        return false;
    }
    let leads = |name: &str| {
        let director = service.directors.get(name);
        let mut members = director.into_iter().flat_map(|director| &director.members);
        name == backend || members.any(|member| member.backend.as_str() == backend)
    };
    let mut choosing = rules
        .iter()
        .filter(|rule| rule.then.backend.as_ref().is_some_and(|name| leads(name.as_str())));
    leads(default.as_str()) || choosing.any(|rule| !passes(rule))
}

fn passes_all(rules: &[Rule]) -> bool {
    rules.iter().any(|rule| {
        passes(rule) && rule.when == crate::manifest::When::default() && rule.when_response.is_any()
    })
}

fn passes(rule: &Rule) -> bool {
    rule.then.pass == Some(true) || rule.then.cache == Some(ServiceCache::Off)
}
