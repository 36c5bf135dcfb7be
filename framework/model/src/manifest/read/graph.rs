//! Warnings about the account as a whole: it works, but probably not as meant.

mod astray;
mod cached_twice;
mod dropped;
mod far;
mod meet;
mod moved;
mod rule_at;
mod secrets;
mod shadowed;
mod swayed;
mod unseen;
mod unused;

use std::collections::BTreeSet;

use super::Form;
use super::sink::{At, Sink};
use super::table::Table;
use crate::chain::{ChainGraph, Domains, Entered};
use crate::limits::CHAIN_SERVICES_MAX;
use crate::manifest::{Backend, ChainMode, Manifest, Service};
use crate::name::{LinkName, ServiceName};

/// All warnings; the manifest has no problem that refuses it.
pub(super) fn warn(manifest: &Manifest, form: Form, root: &Table<'_>, sink: &mut Sink<'_>) {
    let graph = ChainGraph::of(manifest);
    let domains = Domains::of(manifest);
    cycles(&graph, root, sink);
    too_long(&graph, root, sink);
    for service in manifest.services.values() {
        for backend in service.backends.values() {
            missing_host(service, backend, &domains, root, sink);
            astray::warn(service, backend, &domains, root, sink);
            unsigned(service, backend, &domains, manifest, root, sink);
            far::warn((service, backend), (manifest, &domains), root, sink);
        }
        weak(service, root, sink);
        open_door(service, &graph, root, sink);
        unused_links(service, root, sink);
        unused::backends(service, root, sink);
        shadowed::rules(service, root, sink);
        swayed::rules(service, root, sink);
        moved::rules(service, root, sink);
        unseen::token(service, root, sink);
        // What is active is written without the contents of stores.
        if form != Form::Active {
            secrets::warn(service, (manifest, &domains), root, sink);
        }
        cached_twice::warn(service, (manifest, &graph, &domains), root, sink);
    }
}

fn cycles(graph: &ChainGraph, root: &Table<'_>, sink: &mut Sink<'_>) {
    for cycle in graph.cycles() {
        let Some(first) = cycle.first() else { continue };
        let way = arrows(cycle.iter().chain(Some(first)));
        let what = format!("services call each other in a cycle: {way}");
        let hint = "a request that goes round is refused with `Loop detected`";
        sink.warn(place(root, &["services", first.as_str()]), what, hint);
    }
}

fn too_long(graph: &ChainGraph, root: &Table<'_>, sink: &mut Sink<'_>) {
    let chain = graph.longest();
    let Some(first) = chain.first().filter(|_| chain.len() > CHAIN_SERVICES_MAX) else { return };
    let what = format!("a chain of {} services: {}", chain.len(), arrows(chain.iter()));
    let hint = format!("after {CHAIN_SERVICES_MAX} a request is refused with `Loop detected`");
    sink.warn(place(root, &["services", first.as_str()]), what, hint);
}

/// A url of our own without a Host to send enters the caller again.
fn missing_host<'m>(
    service: &Service,
    backend: &'m Backend,
    domains: &Domains<'m>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) {
    if let Entered::CallerAgain { meant } = domains.entered(backend) {
        let name = &service.name;
        let what =
            format!("backend `{}` sends the Host of `{name}` to a url of `{meant}`", backend.name);
        let hint = format!("write service = \"{meant}\", or add override_host");
        sink.warn(backend_place(service, backend, root), what, hint);
    }
}

/// A service that asks for a token is called without one, or with one that it does not accept.
fn unsigned<'m>(
    service: &Service,
    backend: &'m Backend,
    domains: &Domains<'m>,
    manifest: &Manifest,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) {
    let Entered::Service(name) = domains.entered(backend) else { return };
    let callee = manifest.services.get(name.as_str());
    let Some(required) = callee.and_then(|callee| callee.require_chain_auth.as_ref()) else {
        return;
    };
    let place = backend_place(service, backend, root);
    match &backend.chain_auth {
        None => {
            let what =
                format!("backend `{}` does not sign, but `{name}` requires it", backend.name);
            sink.warn(place, what, "add chain_auth = { config = \"...\", secrets = \"...\" }");
        }
        Some(auth) if !required.accept.contains(&auth.mode) => {
            let (mode, backend) = (auth.mode.as_str(), &backend.name);
            let what = format!(
                "backend `{backend}` signs with mode `{mode}`, which `{name}` does not accept"
            );
            let modes: Vec<&str> = required.accept.iter().map(|mode| mode.as_str()).collect();
            sink.warn(place, what, format!("it accepts {}", modes.join(", ")));
        }
        Some(_) => {}
    }
}

/// A secret that is the same in every request leaks with the first one that goes astray.
fn weak(service: &Service, root: &Table<'_>, sink: &mut Sink<'_>) {
    const HINT: &str = "mode `one-time` is good for one request only, `signed` for two seconds";
    let is_shared = |mode: &ChainMode| *mode == ChainMode::Shared;
    if service.require_chain_auth.iter().any(|auth| auth.accept.iter().any(is_shared)) {
        let what = format!("`{}` accepts a shared secret as chain token", service.name);
        sink.warn(place(root, &["services", service.name.as_str()]), what, HINT);
    }
    for backend in service.backends.values() {
        if backend.chain_auth.iter().any(|auth| is_shared(&auth.mode)) {
            let what = format!("backend `{}` sends a shared secret as chain token", backend.name);
            sink.warn(backend_place(service, backend, root), what, HINT);
        }
    }
}

/// A service behind another one that everybody can call as well.
fn open_door(service: &Service, graph: &ChainGraph, root: &Table<'_>, sink: &mut Sink<'_>) {
    let name = &service.name;
    let mut calls = graph.edges().filter(|(from, to)| *to == name && *from != name);
    let Some((caller, _)) = calls.next().filter(|_| service.require_chain_auth.is_none()) else {
        return;
    };
    let what = format!("`{name}` can be reached directly as well as through `{caller}`");
    let hint = "add require_chain_auth = { config = \"...\", secrets = \"...\" }";
    sink.warn(place(root, &["services", name.as_str()]), what, hint);
}

/// Only a delivery service shows all its uses of links here; code may use any.
fn unused_links(service: &Service, root: &Table<'_>, sink: &mut Sink<'_>) {
    if !service.kind.is_delivery() {
        return;
    }
    let used = used_links(service);
    for link in service.links.keys().filter(|link| !used.contains(*link)) {
        let at = place(root, &["services", service.name.as_str(), "links", link.as_str()]);
        let what = format!("the link `{link}` of `{}` is not used", service.name);
        sink.warn(at, what, "only chain auth uses links in a delivery service");
    }
}

fn used_links(service: &Service) -> BTreeSet<&LinkName> {
    let signing = service.backends.values().filter_map(|backend| backend.chain_auth.as_ref());
    let signing = signing.flat_map(|auth| [&auth.config, &auth.secrets]);
    let required = service.require_chain_auth.iter();
    signing.chain(required.flat_map(|auth| [&auth.config, &auth.secrets])).collect()
}

fn arrows<'n>(names: impl Iterator<Item = &'n ServiceName>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" -> ")
}

fn backend_place(service: &Service, backend: &Backend, root: &Table<'_>) -> At {
    place(root, &["services", service.name.as_str(), "backends", backend.name.as_str()])
}

/// Where the last key of a path stands, or as far as the path leads.
fn place(root: &Table<'_>, path: &[&str]) -> At {
    let mut table = root.clone();
    for key in path {
        match table.peek(key) {
            Some(inner) => table = inner,
            None => break,
        }
    }
    table.at
}
