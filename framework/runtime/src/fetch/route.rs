//! The next hop of a send: a service in this process, or the network; and the host that is sent there.

use std::sync::Arc;

use http::{HeaderValue, header};
use selvedge::{Error, Refusal, Request, Result};
use selvedge_model::manifest::BackendUrl;

use crate::{
    hop::Hop,
    world::{Backend, Goal, Service},
};

/// The next hop of a send.
pub(super) enum Route {
    /// A service in this process, reached without a socket.
    Local(Arc<Service>),
    /// This process, but no service here owns the host that is sent.
    LocalUnknown,
    /// An address.
    Network,
}

/// The service whose domain a backend's address has, wherever it runs.
pub(super) fn addressed(hop: &Hop, backend: &Backend) -> Option<Arc<Service>> {
    match &backend.goal {
        Goal::Url(url) => hop.world().service_for_host(&url.host).cloned(),
        Goal::Service(_) => None,
    }
}

/// Where a request to this backend goes, with this host.
pub(super) fn route(hop: &Hop, backend: &Backend, host: &HeaderValue) -> Route {
    match &backend.goal {
        Goal::Service(name) => match hop.world().services.get(name) {
            Some(service) => Route::Local(Arc::clone(service)),
            None => Route::LocalUnknown,
        },
        Goal::Url(url) if !backend.settings.bypass_local && leads_here(hop, url) => {
            let found = host.to_str().ok().and_then(|host| hop.world().service_for_host(host));
            match found {
                Some(service) => Route::Local(Arc::clone(service)),
                None => Route::LocalUnknown,
            }
        }
        Goal::Url(_) => Route::Network,
    }
}

/// An address is ours if its host is one of our domains and its port one that we take requests on.
fn leads_here(hop: &Hop, url: &BackendUrl) -> bool {
    let world = hop.world();
    url.may_be_ours(&world.data_ports) && world.service_for_host(&url.host).is_some()
}

/// The backend's override, else the request's own host, else the backend's address.
pub(super) fn host_to_send(backend: &Backend, request: &Request) -> Result<HeaderValue> {
    if let Some(host) = &backend.override_host {
        return Ok(host.clone());
    }
    if let Some(host) = request.headers().get(header::HOST) {
        return Ok(host.clone());
    }
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let host = authority.unwrap_or_else(|| backend.own_host());
    host.parse().map_err(|error| {
        Error::new(Refusal::RequestInvalid, format!("the host `{host}` cannot be sent"))
            .because(error)
    })
}
