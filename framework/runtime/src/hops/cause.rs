//! Why a request went in a circle, as far as the manifest shows it: most often a backend without a Host to send, or one
//! that leads to this node.

use selvedge_model::{
    chain::{Domains, Entered},
    manifest::{Backend, Manifest, Service, Target},
};

use super::Hops;

/// What probably made the loop, and what to do about it; `None` where nothing in the manifest stands out.
#[must_use]
pub(super) fn cause(hops: &Hops, manifest: &Manifest, data_ports: &[u16]) -> Option<String> {
    let last = hops.visits.last()?;
    let came_back = hops.visits.iter().filter(|visit| visit.service == last.service).count() > 1;
    if !came_back && !hops.have_returned() {
        return None;
    }
    let walked = |service: &&Service| hops.visits.iter().any(|visit| visit.service == service.name);
    let on_the_way = manifest.services.values().filter(walked);
    let mut sends = on_the_way
        .flat_map(|service| service.backends.values().map(move |backend| (service, backend)));
    let domains = Domains::of(manifest);
    sends.find_map(|(service, backend)| {
        missing_host(service, backend, &domains)
            .or_else(|| own_address(service, backend, data_ports).filter(|_| hops.have_returned()))
    })
}

fn missing_host(service: &Service, backend: &Backend, domains: &Domains<'_>) -> Option<String> {
    let Entered::CallerAgain { meant } = domains.entered(backend) else { return None };
    Some(format!(
        "backend `{}` of `{}` leads to a domain of `{meant}` but sends the Host that `{}` was asked for, so that `{}` is \
         entered again; add override_host to it, or write service = \"{meant}\"",
        backend.name, service.name, service.name, service.name
    ))
}

/// A url of this node itself, which the process does not know for its own: an address says nothing about whose it is.
fn own_address(service: &Service, backend: &Backend, data_ports: &[u16]) -> Option<String> {
    let Target::Url(url) = &backend.target else { return None };
    if !url.is_loopback() || !data_ports.contains(&url.port) {
        return None;
    }
    let (name, from) = (&backend.name, &service.name);
    let host = match &backend.override_host {
        Some(host) => format!("the Host {host}"),
        None => format!("the Host that `{from}` was asked for"),
    };
    Some(format!(
        "backend `{name}` of `{from}` leads to this node itself, {}, with {host}; give it the url of its origin, or write \
         service = \"...\" for a service of this account",
        url.authority()
    ))
}
