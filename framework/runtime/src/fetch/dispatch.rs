//! Where a send goes: another service in the process, or the network. Signs on the way out.

use std::sync::Arc;

use axum::response::IntoResponse;
use http::{HeaderValue, Uri, Version, header, uri::PathAndQuery};
use selvedge::{Request, Response, Result, chain::EDGE_AUTH};
use selvedge_model::manifest::Choice;

use super::{
    came::received,
    fallback,
    route::{Route, addressed, host_to_send, route},
};
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
    world::{Backend, Destination, Service},
};

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
        Ok(enter(entering, &mut request))
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
                let page = hop.nest().number(&hop.world().abroad);
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

/// What a stranger with that host would have been told.
fn nobody(hop: &Hop, host: &HeaderValue) -> Response {
    let error = hop.edge.unknown(&String::from_utf8_lossy(host.as_bytes()));
    page::finish(error.into_response(), hop.along.id, hop.world().dev).0
}
