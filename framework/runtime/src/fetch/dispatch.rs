//! Where a send goes: another service in the process, or the network. Signs on the way out.

use std::sync::Arc;

use axum::response::IntoResponse;
use http::{HeaderMap, HeaderValue, Uri, Version, header, uri::PathAndQuery};
use http_body::Body as _;
use selvedge::{Error, Refusal, Request, Response, Result, chain::EDGE_AUTH};
use selvedge_model::{
    limits::RESPONSE_HEAD_MAX,
    manifest::{BackendUrl, Choice},
};

use super::{coding::Coding, fallback};
use crate::{
    backends::{self, Slot},
    chain,
    enter::{Entering, enter},
    flight::FlightId,
    headers::{self, Vouched},
    hop::Hop,
    hops,
    ids::NodeId,
    page,
    reply::Reply,
    soon::Soon,
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
    let attempt = Attempt { hop, backend, host };
    attempt.make(route, slot, request, under).await
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
    Attempt { hop, backend, host: host.clone() }.make(route, None, request, None).await
}

/// The service in the process that a request goes to, if that is so. Nothing has been done then.
pub(super) fn local<'a>(hop: &'a Hop, to: Destination<'a>, request: &Request) -> Option<Local<'a>> {
    if matches!(to, Destination::Director(director, _) if director.choice == Choice::Fallback) {
        return None;
    }
    let backend = backends::pick(hop, to, request).ok()?;
    let host = host_to_send(backend, request).ok()?;
    match route(hop, backend, &host) {
        Route::Local(service) => Some(Local { attempt: Attempt { hop, backend, host }, service }),
        Route::LocalUnknown | Route::Network => None,
    }
}

/// One sending of a request to a service in the process.
pub(super) struct Local<'a> {
    attempt: Attempt<'a>,
    service: Arc<Service>,
}

impl Local<'_> {
    /// Sends it, and with it what its headers have yet to say of the client.
    ///
    /// # Errors
    /// Where it cannot be signed.
    pub(super) fn enter(
        self,
        (mut request, unsaid): (Request, Option<Vouched>),
        under: Option<FlightId>,
    ) -> Result<Soon<Reply>> {
        let Self { attempt, service } = self;
        let unsaid = unsaid.map(|vouched| vouched.keeping_host(request.headers()));
        attempt.make_ready(Some(&service), None, &mut request)?;
        let Attempt { hop, host, .. } = attempt;
        let entering = Entering {
            edge: hop.edge.clone(),
            pop: Arc::clone(&hop.pop),
            service,
            hops: hop.descent(under),
            host: host.to_str().unwrap_or_default().into(),
            along: hop.along.clone(),
            unsaid,
        };
        Ok(enter(entering, request))
    }
}

/// One sending of a request.
struct Attempt<'a> {
    hop: &'a Hop,
    backend: &'a Backend,
    host: HeaderValue,
}

impl Attempt<'_> {
    async fn make(
        self,
        route: Route,
        slot: Option<Slot>,
        mut request: Request,
        under: Option<FlightId>,
    ) -> Result<Response> {
        let (hop, backend) = (self.hop, self.backend);
        match route {
            Route::Local(service) => {
                let answer = Local { attempt: self, service }.enter((request, None), under)?;
                Ok(answer.await.into_response())
            }
            Route::LocalUnknown => {
                self.make_ready(None, None, &mut request)?;
                Ok(nobody(hop, &self.host))
            }
            Route::Network => {
                let target = backend.signing.as_ref().and_then(|_| addressed(hop, backend));
                // In the process that rides in the context of the hops.
                let page = hop.hops.nest().number(&hop.world().abroad);
                self.make_ready(target.as_deref(), page, &mut request)?;
                let interim = hop.along.interim.to(request.uri());
                let errand = Errand { service: &hop.service, backend, request, interim };
                let response = hop.edge.upstream.send(errand).await.and_then(received)?;
                let stop = backend.settings.between_bytes_timeout;
                let stop_ms = u64::try_from(stop.as_millis()).unwrap_or(u64::MAX);
                Ok(backends::watched(response, slot, &hop.world().clock, stop_ms))
            }
        }
    }

    /// The last changes to a request, and the token for the service that it is for, if that is one of this account.
    /// `page` is the number of the page that the request leaves this node as a fragment of.
    fn make_ready(
        &self,
        target: Option<&Service>,
        page: Option<u64>,
        request: &mut Request,
    ) -> Result<()> {
        let Self { hop, backend, host } = self;
        prepare(request, host, hop.world().ids.node(), page);
        match &backend.signing {
            Some(signing) => {
                let host = host.to_str().unwrap_or_default();
                chain::sign(hop, signing, (target, host), request)
            }
            None => Ok(()),
        }
    }
}

/// What came from the network: fields of that connection stay there.
fn received(mut response: Response) -> Result<Response> {
    let version = response.version();
    // A connection reads a little more at times, and it should not depend on that what is taken.
    let head = headers::size(response.headers());
    if head > RESPONSE_HEAD_MAX {
        let detail = format!("its head takes {head} bytes, and {RESPONSE_HEAD_MAX} are the most");
        return Err(Error::new(Refusal::ResponseInvalid, detail));
    }
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

/// So many fields may be added on the way out: `Via`, `CDN-Loop`, `Host`, and a token.
const ADDED: usize = 4;

/// The last changes to a request before it is signed.
fn prepare(request: &mut Request, host: &HeaderValue, node: &NodeId, page: Option<u64>) {
    let version = request.version();
    let target = request.uri().path_and_query().cloned();
    *request.uri_mut() = Uri::from(target.unwrap_or_else(|| PathAndQuery::from_static("/")));
    *request.version_mut() = Version::HTTP_11;
    // What rode along belongs to the service that sends: its context, its route's parameters.
    request.extensions_mut().clear();
    let fields = request.headers_mut();
    fields.reserve(ADDED);
    headers::add_via(fields, version);
    hops::mark(fields, node, page);
    // The connection that the request came on has asked for the body already.
    fields.remove(header::EXPECT);
    fields.insert(header::HOST, host.clone());
    fields.remove(EDGE_AUTH);
}

/// The service whose domain a backend's address has, wherever it runs.
fn addressed(hop: &Hop, backend: &Backend) -> Option<Arc<Service>> {
    match &backend.goal {
        Goal::Url(url) => hop.world().service_for_host(&url.host).cloned(),
        Goal::Service(_) => None,
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

/// What a stranger with that host would have been told.
fn nobody(hop: &Hop, host: &HeaderValue) -> Response {
    let error = hop.edge.unknown(&String::from_utf8_lossy(host.as_bytes()));
    page::finish(error.into_response(), hop.along.id, hop.world().dev).0
}
