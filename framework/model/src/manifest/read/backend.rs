//! `[services.*.backends.*]`: where a service sends.

use std::collections::BTreeMap;
use std::time::Duration;

use super::sink::Sink;
use super::table::{Entry, Table};
use super::value::Value;
use super::{account, chain_auth, healthcheck, items, keys, places};
use crate::limits::{
    BETWEEN_BYTES_TIMEOUT_MS, CONNECT_TIMEOUT_MS, FIRST_BYTE_TIMEOUT_MS, MAX_CONNECTIONS,
    TIMEOUT_MS_MAX,
};
use crate::manifest::{Backend, BackendUrl, Service, Target};
use crate::name::{BackendName, Domain, ServiceName, check_host};
use crate::suggest;

/// The backends of a service.
pub(super) fn read(
    service: &Table<'_>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> BTreeMap<BackendName, Backend> {
    let Some(section) = service.table("backends", sink) else { return BTreeMap::new() };
    let one = |entry: Entry<'_>| {
        let backend = backend(&entry, service, root, sink)?;
        Some((backend.name.clone(), backend))
    };
    section.entries().filter_map(one).collect()
}

fn backend(
    entry: &Entry<'_>,
    service: &Table<'_>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> Option<Backend> {
    let name = BackendName::new(entry.key);
    let name = name.map_err(|error| sink.refuse(entry.key_at, error.to_string())).ok();
    let table = entry.value.table(sink)?;
    table.only(&keys::BACKEND, sink);
    let target = target(&table, root, sink);
    let override_host = table.get("override_host").and_then(|value| host(&value, sink));
    let cert_host = table.get("cert_host").and_then(|value| value.checked(check_host, sink));
    let connect_timeout = timeout(&table, "connect_timeout_ms", CONNECT_TIMEOUT_MS, sink);
    let first_byte_timeout = timeout(&table, "first_byte_timeout_ms", FIRST_BYTE_TIMEOUT_MS, sink);
    let chain_auth = chain_auth::signing(service, &table, target.as_ref(), root, sink);
    Some(Backend {
        name: name?,
        target: target?,
        override_host,
        cert_host,
        connect_timeout,
        first_byte_timeout,
        between_bytes_timeout: timeout(
            &table,
            "between_bytes_timeout_ms",
            BETWEEN_BYTES_TIMEOUT_MS,
            sink,
        ),
        max_connections: connections(&table, sink),
        healthcheck: healthcheck::read(&table, sink),
        bypass_local: bypass(&table, service, root, sink),
        shield: table.get("shield").and_then(|value| places::known_pop(&value, root, sink)),
        chain_auth,
    })
}

fn target(table: &Table<'_>, root: &Table<'_>, sink: &mut Sink<'_>) -> Option<Target> {
    match items::one_of(table, &["url", "service"], sink)? {
        ("service", value) => service(&value, root, sink).map(Target::Service),
        (_, value) => url(&value, sink).map(Target::Url),
    }
}

fn url(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<BackendUrl> {
    let text = value.text(sink)?;
    let url = BackendUrl::parse(text);
    url.map_err(|why| sink.refuse(value.at, format!("`{}`: {text:?} {why}", value.path))).ok()
}

/// A service counts as declared even if its declaration has problems of its own. That it has a
/// domain, and so a Host to be sent, is checked where it is declared.
fn service(value: &Value<'_>, root: &Table<'_>, sink: &mut Sink<'_>) -> Option<ServiceName> {
    let name = value.text(sink)?;
    let services = root.peek("services");
    if services.as_ref().is_some_and(|services| services.entries.contains_key(name)) {
        return ServiceName::new(name).ok();
    }
    let hint = services.and_then(|services| suggest::hint(name, services.names()));
    sink.absent(value.at, format!("there is no service `{name}`"), hint);
    None
}

/// A Host to send: a host with or without a port, in lower case.
pub(super) fn host(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = value.text(sink)?;
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    if let Some(port) = port.filter(|port| port.is_empty() || port.parse::<u16>().is_err()) {
        sink.refuse(value.at, format!("`{}`: `{port}` is no port", value.path));
        return None;
    }
    let host = check_host(host).map_err(|error| format!("`{}`: {error}", value.path));
    let host = host.map_err(|what| sink.refuse(value.at, what)).ok()?;
    Some(port.map_or(host.clone(), |port| format!("{host}:{port}")))
}

fn timeout(table: &Table<'_>, key: &str, default: u64, sink: &mut Sink<'_>) -> Duration {
    let written = table.get(key).and_then(|value| value.number(1, TIMEOUT_MS_MAX, sink));
    Duration::from_millis(written.unwrap_or(default))
}

/// Most requests under way; 0 is any number.
fn connections(table: &Table<'_>, sink: &mut Sink<'_>) -> Option<usize> {
    let most = u64::from(u32::MAX);
    let written = table.get("max_connections").and_then(|value| value.number(0, most, sink));
    let count = written.and_then(|count| usize::try_from(count).ok());
    Some(count.unwrap_or(MAX_CONNECTIONS)).filter(|count| *count > 0)
}

/// Sending around the local route table is for services that the account allows it, and for urls.
fn bypass(table: &Table<'_>, service: &Table<'_>, root: &Table<'_>, sink: &mut Sink<'_>) -> bool {
    let Some(value) = table.get("bypass_local_route_table") else { return false };
    if value.boolean(sink) != Some(true) {
        return false;
    }
    let name = service.path.rsplit('.').next().unwrap_or_default();
    if !account::may_bypass(root, name) {
        let what = format!("`{}`: the account does not allow it to `{name}`", value.path);
        let hint = format!("add \"{name}\" to account.allow_local_bypass");
        sink.refuse_with(value.at, what, hint);
    }
    if table.get("service").is_some() {
        let what = format!("`{}` needs a url: a service has no address", value.path);
        sink.refuse(value.at, what);
    }
    true
}

/// A backend that names a service sends that service's first domain, unless another Host is written.
pub(super) fn fill_hosts(services: &mut BTreeMap<ServiceName, Service>) {
    let first = |(name, service): (&ServiceName, &Service)| {
        Some((name.clone(), service.domains.first()?.clone()))
    };
    let domains: BTreeMap<ServiceName, Domain> = services.iter().filter_map(first).collect();
    for backend in services.values_mut().flat_map(|service| service.backends.values_mut()) {
        let domain = backend.target.service().and_then(|name| domains.get(name));
        if let (None, Some(domain)) = (&backend.override_host, domain) {
            backend.override_host = Some(domain.to_string());
        }
    }
}
