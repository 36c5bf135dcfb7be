//! Where a send goes: another service in the process, or the network. Signs on the way out.

use std::sync::Arc;

use axum::response::IntoResponse;
use http::{HeaderMap, HeaderValue, Uri, Version, header, uri::PathAndQuery};
use http_body::Body as _;
use selvedge::{Error, Refusal, Request, Response, Result, chain::EDGE_AUTH};
use selvedge_model::manifest::{BackendUrl, Choice};

use super::{coding::Coding, fallback};
use crate::{
    backends::{self, Slot},
    chain,
    enter::{Entering, enter_next},
    flight::FlightId,
    headers,
    hop::Hop,
    hops, page,
    upstream::Errand,
    world::{Backend, Destination, Goal, Service},
};

/// The next hop of a send.
enum Route {
    /// A service in this process, reached without a socket.
    Local(Arc<Service>),
    /// This process, but no service here owns the host that is sent.
    LocalUnknown,
    /// An address.
    Network,
}

/// Sends a request on, on behalf of a flight where it is led, and returns what came back.
///
/// # Errors
/// Where nothing came back.
pub(super) async fn dispatch(
    hop: &Hop,
    to: Destination<'_>,
    request: Request,
    under: Option<FlightId>,
) -> Result<Response> {
    match to {
        Destination::Director(director, service) if director.choice == Choice::Fallback => {
            // Most sends should not carry the room for it.
            Box::pin(fallback::send(hop, (director, service), request, under)).await
        }
        _ => attempt(hop, backends::pick(hop, to, &request)?, request, under).await,
    }
}

/// Sends a request to this backend, once.
///
/// # Errors
/// As [`dispatch`].
pub(super) async fn attempt(
    hop: &Hop,
    backend: &Backend,
    request: Request,
    under: Option<FlightId>,
) -> Result<Response> {
    let host = host_to_send(backend, &request)?;
    let route = route(hop, backend, &host);
    let slot = match route {
        Route::Network => Some(backends::enter(hop, backend)?),
        Route::Local(_) | Route::LocalUnknown => None,
    };
    let attempt = Attempt { hop, backend, host: &host, route, slot, under };
    attempt.make(request).await
}

/// Sends a health probe, which counts in no limit, to a backend, whether it works or not.
///
/// # Errors
/// Where nothing came back.
pub(crate) async fn probe(
    hop: &Hop,
    backend: &Backend,
    host: &HeaderValue,
    request: Request,
) -> Result<Response> {
    let route = route(hop, backend, host);
    Attempt { hop, backend, host, route, slot: None, under: None }.make(request).await
}

/// One sending of a request.
struct Attempt<'a> {
    hop: &'a Hop,
    backend: &'a Backend,
    host: &'a HeaderValue,
    route: Route,
    slot: Option<Slot>,
    under: Option<FlightId>,
}

impl Attempt<'_> {
    async fn make(self, mut request: Request) -> Result<Response> {
        let Self { hop, backend, host, route, slot, under } = self;
        prepare(&mut request, host, hop, &route);
        if let Some(signing) = &backend.signing {
            let target = target(hop, backend, &route);
            let name = host.to_str().unwrap_or_default();
            chain::sign(hop, signing, (target.as_deref(), name), &mut request)?;
        }
        match route {
            Route::Local(service) => Ok(local(hop, service, host, request, under).await),
            Route::LocalUnknown => Ok(nobody(hop, host)),
            Route::Network => {
                let interim = hop.along.interim.to(request.uri());
                let errand = Errand { service: &hop.service, backend, request, interim };
                let response = hop.edge.upstream.send(errand).await.and_then(received)?;
                let stop = backend.settings.between_bytes_timeout;
                let stop_ms = u64::try_from(stop.as_millis()).unwrap_or(u64::MAX);
                Ok(backends::watched(response, slot, &hop.world().clock, stop_ms))
            }
        }
    }
}

/// What came from the network: fields of that connection stay there.
fn received(mut response: Response) -> Result<Response> {
    let version = response.version();
    // Without a body there is nothing that could not be read.
    let has_body = !response.body().is_end_stream();
    if has_body && Coding::of(response.headers()) == Coding::Unreadable {
        let detail = "its body has a transfer coding beside `chunked`, for which nobody asked";
        return Err(Error::new(Refusal::ResponseInvalid, detail));
    }
    // Chunks say where the body ends, and nothing else does (RFC 9112 section 6.3).
    if response.headers().contains_key(header::TRANSFER_ENCODING) {
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    settle_length(response.headers_mut());
    headers::strip_hop_by_hop(response.headers_mut());
    headers::add_via(response.headers_mut(), version);
    Ok(response)
}

/// A length that is said several times over is said once; what says no one length is taken off (RFC 9110 section 8.6).
fn settle_length(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::CONTENT_LENGTH).iter();
    let members = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let lengths = members.map(|member| {
        let digits = std::str::from_utf8(member.trim_ascii()).ok()?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u64>().ok())?
    });
    let lengths: Vec<Option<u64>> = lengths.collect();
    match lengths.as_slice() {
        [] => {}
        [Some(first), rest @ ..] if rest.iter().all(|other| *other == Some(*first)) => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(*first));
        }
        _ => drop(headers.remove(header::CONTENT_LENGTH)),
    }
}

/// The backend's override, else the request's own host, else the backend's address.
fn host_to_send(backend: &Backend, request: &Request) -> Result<HeaderValue> {
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

/// The last changes to a request before it is signed.
fn prepare(request: &mut Request, host: &HeaderValue, hop: &Hop, route: &Route) {
    let version = request.version();
    let target = request.uri().path_and_query().cloned();
    *request.uri_mut() = Uri::from(target.unwrap_or_else(|| PathAndQuery::from_static("/")));
    *request.version_mut() = Version::HTTP_11;
    // What rode along belongs to the service that sends: its context, its route's parameters.
    request.extensions_mut().clear();
    let fields = request.headers_mut();
    headers::add_via(fields, version);
    // In the process that rides in the context of the hops.
    let page = match route {
        Route::Network => hop.hops.nest().number(&hop.world().abroad),
        Route::Local(_) | Route::LocalUnknown => None,
    };
    hops::mark(fields, hop.world().ids.node(), page);
    // The connection that the request came on has asked for the body already.
    fields.remove(header::EXPECT);
    fields.insert(header::HOST, host.clone());
    fields.remove(EDGE_AUTH);
}

/// The service that a token is for, if it is one of this account: the one that is entered, else the one whose domain the
/// address has, wherever it runs.
fn target(hop: &Hop, backend: &Backend, route: &Route) -> Option<Arc<Service>> {
    match (route, &backend.goal) {
        (Route::Local(service), _) => Some(Arc::clone(service)),
        (Route::Network, Goal::Url(url)) => hop.world().service_for_host(&url.host).cloned(),
        _ => None,
    }
}

fn route(hop: &Hop, backend: &Backend, host: &HeaderValue) -> Route {
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

async fn local(
    hop: &Hop,
    service: Arc<Service>,
    host: &HeaderValue,
    request: Request,
    under: Option<FlightId>,
) -> Response {
    let entering = Entering {
        edge: hop.edge.clone(),
        pop: Arc::clone(&hop.pop),
        service,
        hops: hop.descent(under),
        host: host.to_str().unwrap_or_default().into(),
        along: hop.along.clone(),
        unsaid: None,
    };
    enter_next(entering, request).await
}

/// What a stranger with that host would have been told.
fn nobody(hop: &Hop, host: &HeaderValue) -> Response {
    let error = hop.edge.unknown(&String::from_utf8_lossy(host.as_bytes()));
    page::finish(error.into_response(), hop.along.id, hop.world().dev).0
}
