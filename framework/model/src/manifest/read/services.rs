//! `[services.*]`: what a service is, its domains, and the parts that its other files read.

use std::collections::BTreeMap;

use super::account::at_least_one;
use super::sink::{At, Sink};
use super::table::Table;
use super::value::Value;
use super::{Form, backend, caching, chain_auth, director, keys, link, rule, then};
use crate::manifest::{PurgeAccess, Service, ServiceCache, ServiceKind};
use crate::name::{BackendName, Domain, ServiceName};

/// What `type` may say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Compute,
    Delivery,
}

/// Who owns which domain, and where that is written.
type Owners = BTreeMap<Domain, String>;

/// All services.
pub(super) fn read(
    root: &Table<'_>,
    form: Form,
    sink: &mut Sink<'_>,
) -> BTreeMap<ServiceName, Service> {
    if form != Form::Active {
        at_least_one(root, "services", "[services.NAME]", sink);
    }
    let Some(section) = root.table("services", sink) else { return BTreeMap::new() };
    let mut owners = Owners::new();
    let mut services = BTreeMap::new();
    for entry in section.entries() {
        let name = ServiceName::new(entry.key);
        let name = name.map_err(|error| sink.refuse(entry.key_at, error.to_string())).ok();
        let Some(table) = entry.value.table(sink) else { continue };
        let domains = domains(&table, entry.key, &mut owners, sink);
        if let Some(service) = service(name, domains, &table, root, sink) {
            services.insert(service.name.clone(), service);
        }
    }
    backend::fill_hosts(&mut services);
    services
}

/// Reads every part before giving up on any, so that all problems are seen.
fn service(
    name: Option<ServiceName>,
    domains: Vec<Domain>,
    table: &Table<'_>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> Option<Service> {
    table.only(&keys::SERVICE, sink);
    let kind = kind(table, sink);
    let links = link::read(table, root, sink);
    let backends = backend::read(table, root, sink);
    let directors = director::read(table, sink);
    let require_chain_auth = chain_auth::required(table, sink);
    let cache = table.get("cache").and_then(|value| cache(&value, sink)).unwrap_or_default();
    let default_ttl = table.get("default_ttl").and_then(|value| value.duration(sink));
    let cache_settings = caching::read(table, sink);
    let purge = table.get("purge").and_then(|value| purge(&value, sink)).unwrap_or_default();
    Some(Service {
        name: name?,
        kind: kind?,
        domains,
        links,
        backends,
        directors,
        require_chain_auth,
        cache,
        default_ttl,
        cache_settings,
        purge,
    })
}

/// Code or rules; what belongs to the other type is a problem.
fn kind(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<ServiceKind> {
    let types = [("compute", Type::Compute), ("delivery", Type::Delivery)];
    let value = table.need("type", "write type = \"compute\" or type = \"delivery\"", sink);
    let rules = rule::read(table, sink);
    let handler = table.get("handler").and_then(|value| handler(&value, sink));
    match value?.word(&types, &[], sink)? {
        Type::Compute => {
            misplaced(table, "rules", "a compute service has none: its handler decides", sink);
            misplaced(table, "backend", "its handler names the backend of each request", sink);
            misplaced(table, "purge", "a handler receives PURGE like any other request", sink);
            table.need("handler", "write handler = \"...\", the name of the function", sink)?;
            Some(ServiceKind::Compute { handler: handler? })
        }
        Type::Delivery => {
            misplaced(table, "handler", "a delivery service has none: its rules decide", sink);
            let backend = default_backend(table, sink);
            Some(ServiceKind::Delivery { rules, backend: backend? })
        }
    }
}

fn misplaced(table: &Table<'_>, key: &str, why: &str, sink: &mut Sink<'_>) {
    if let Some(value) = table.get(key) {
        let what = format!("`{}` does not belong here", value.path);
        sink.refuse_with(value.key_at, what, why.to_owned());
    }
}

/// Where a request is sent that no rule sends elsewhere: to the one backend, or to the one that is named.
fn default_backend(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<BackendName> {
    if let Some(value) = table.get("backend") {
        return then::backend(&value, table, sink);
    }
    let backends = table.peek("backends").map(|backends| backends.names()).unwrap_or_default();
    match backends.as_slice() {
        [] => {
            let what = format!("{} needs a backend", table.shown());
            sink.absent(table.at, what, format!("write [{}.backends.origin]", table.path));
            None
        }
        [only] => BackendName::new(*only).ok(),
        [first, ..] => {
            let what = format!("{} has several backends: which one is sent to?", table.shown());
            sink.absent(
                table.at,
                what,
                format!("write backend = \"{first}\"; rules may name others"),
            );
            None
        }
    }
}

fn handler(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    if text.is_empty() || text.contains(char::is_whitespace) {
        sink.refuse(value.at, format!("`{}` must be the name of a function", value.path));
        return None;
    }
    Some(text.to_owned())
}

/// `on` or `off`, of a service or of a rule.
pub(super) fn cache(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<ServiceCache> {
    value.word(&[("on", ServiceCache::On), ("off", ServiceCache::Off)], &[], sink)
}

fn purge(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<PurgeAccess> {
    let words = [("authenticated", PurgeAccess::Authenticated), ("open", PurgeAccess::Open)];
    value.word(&words, &[], sink)
}

/// The domains of a service; each belongs to one service only.
fn domains(
    table: &Table<'_>,
    service: &str,
    owners: &mut Owners,
    sink: &mut Sink<'_>,
) -> Vec<Domain> {
    let hint = "write domains = [\"NAME.localhost\"]: a domain is how requests reach a service";
    let Some(value) = table.need("domains", hint, sink) else { return Vec::new() };
    let Some(items) = value.array(sink) else { return Vec::new() };
    if items.is_empty() {
        let what = format!("`{}` must name at least one domain", value.path);
        sink.refuse_with(value.at, what, hint.to_owned());
    }
    let mut domains = Vec::new();
    for item in items {
        let Some(domain) = item.checked(Domain::new, sink) else { continue };
        own(&domain, service, item.at, owners, sink);
        domains.push(domain);
    }
    domains
}

/// Notes who owns a domain; a second owner is a problem.
fn own(domain: &Domain, service: &str, at: At, owners: &mut Owners, sink: &mut Sink<'_>) {
    let what = match owners.get(domain) {
        Some(owner) if owner == service => format!("the domain `{domain}` comes twice"),
        Some(owner) => format!("the domain `{domain}` already belongs to service `{owner}`"),
        None => {
            owners.insert(domain.clone(), service.to_owned());
            return;
        }
    };
    sink.refuse_with(at, what, "domains are compared in lower case".to_owned());
}
