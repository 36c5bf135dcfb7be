//! Why a request went in a circle, as far as the manifest shows it: most often a backend without a Host to send.

use selvedge_model::{
    chain::{Domains, Entered},
    manifest::{Backend, Manifest, Service},
};

use super::Hops;

/// What probably made the loop, and what to do about it; `None` where nothing in the manifest stands out.
#[must_use]
pub(super) fn cause(hops: &Hops, manifest: &Manifest) -> Option<String> {
    let last = hops.visits.last()?;
    let came_back = hops.visits.iter().filter(|visit| visit.service == last.service).count() > 1;
    if !came_back {
        return None;
    }
    let walked = |service: &&Service| hops.visits.iter().any(|visit| visit.service == service.name);
    let domains = Domains::of(manifest);
    let mut on_the_way = manifest.services.values().filter(walked);
    on_the_way.find_map(|service| {
        service.backends.values().find_map(|backend| missing_host(service, backend, &domains))
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
