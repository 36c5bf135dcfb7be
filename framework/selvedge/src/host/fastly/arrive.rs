//! The client's request as the platform hands it over, and where it is being handled.

use http::{HeaderValue, Uri, header};

use super::body;
use crate::{Body, Place, Request, Service, chain::InboundToken};

/// A request that no handler has seen.
pub(super) struct Arrived {
    /// The request, without the chain tokens that it came with.
    pub(super) request: Request,
    /// Those.
    pub(super) token: InboundToken,
    /// Where it is.
    pub(super) place: Place,
}

/// Takes the request in.
pub(super) fn arrive(service: &Service) -> Arrived {
    let request = ::fastly::Request::from_client();
    let place = place(service, &request);
    let request: http::Request<::fastly::Body> = request.into();
    let (from, body) = request.into_parts();
    let authority = from.uri.authority().map(|authority| authority.as_str().to_owned());
    let mut request = Request::new(Body::new(body::Incoming::new(body)));
    *request.method_mut() = from.method;
    *request.uri_mut() = origin_form(&from.uri);
    *request.version_mut() = from.version;
    *request.headers_mut() = from.headers;
    let authority = authority.unwrap_or_default();
    if !request.headers().contains_key(header::HOST)
        && let Ok(host) = HeaderValue::try_from(&authority)
    {
        request.headers_mut().insert(header::HOST, host);
    }
    let token = InboundToken::take_from(&mut request, &authority);
    Arrived { request, token, place }
}

/// As a node hands it to a handler: the host is in `Host`.
fn origin_form(uri: &Uri) -> Uri {
    uri.path_and_query().cloned().map(Uri::from).unwrap_or_default()
}

/// The handler's name stands for the service's, of which the platform tells the id only. It tells no hops either: this is
/// always the first that is known of.
fn place(service: &Service, request: &::fastly::Request) -> Place {
    let id = request.get_client_request_id().map(str::to_owned);
    let id = id.unwrap_or_else(|| told("FASTLY_TRACE_ID"));
    Place::new(told("FASTLY_POP"), service.name().to_owned(), 1, id, request.get_client_ip_addr())
}

/// What the platform says in the environment; `unknown` where it does not.
fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| "unknown".to_owned())
}

/// Whether this is a developer's machine: only Viceroy calls itself so.
pub(super) fn is_local() -> bool {
    told("FASTLY_HOSTNAME") == "localhost"
}
