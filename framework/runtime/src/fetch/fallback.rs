//! A director of choice `fallback`: the first member that works, and the next one where nothing could be sent to it.
//!
//! What may have reached a member is not sent to another one: it may have been done already. So the next member is tried
//! where no connection was made, or where as many requests are under way as the member is to have, and only while nobody
//! has begun to read the request's body. Each attempt begins with the request as it was, and is signed by itself.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri, Version};
use http_body::{Body as _, Frame, SizeHint};
use selvedge::{Body, Error, Refusal, Request, Response, Result};
use selvedge_model::manifest::Director;

use super::dispatch::attempt;
use crate::{
    backends,
    flight::FlightId,
    hop::Hop,
    world::{Backend, Destination, Service},
};

/// Sends a request to the first member that takes it.
///
/// # Errors
/// Where none works; what came of the last one that was tried.
pub(super) async fn send(
    hop: &Hop,
    (director, service): (&Director, &Service),
    request: Request,
    under: Option<FlightId>,
) -> Result<Response> {
    let names = director.members.iter().map(|member| member.backend.as_str());
    let backends = names.filter_map(|name| service.backends.get(name));
    let working: Vec<&Backend> = backends.filter(|backend| backend.state.works()).collect();
    let Some((last, others)) = working.split_last() else {
        return Err(backends::none_works(hop, Destination::Director(director, service)));
    };
    let kept = Kept::of(request);
    for backend in others {
        match attempt(hop, backend, kept.request(), under).await {
            Err(error) if is_unsent(&error) && kept.is_whole() => {
                let (name, reason) = (&backend.settings.name, error.refusal().reason());
                let line = format!("director `{}` goes on from `{name}`: {reason}", director.name);
                hop.world().tell.log(service.name(), &line);
            }
            outcome => return outcome,
        }
    }
    attempt(hop, last, kept.request(), under).await
}

/// Whether nothing has left for the backend.
fn is_unsent(error: &Error) -> bool {
    matches!(
        error.refusal(),
        Refusal::ConnectionLimit
            | Refusal::DnsError
            | Refusal::ConnectionRefused
            | Refusal::ConnectTimeout
            | Refusal::TlsError
    )
}

/// A request that may be sent again.
struct Kept {
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    body: Shared,
}

/// A body that nobody has read yet; none once somebody has begun.
type Shared = Arc<Mutex<Option<Body>>>;

impl Kept {
    fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let body = Arc::new(Mutex::new(Some(body)));
        let http::request::Parts { method, uri, version, headers, .. } = parts;
        Self { method, uri, version, headers, body }
    }

    /// The request as it was. Its body is the one that there is.
    fn request(&self) -> Request {
        let mut request = Request::new(Lent::of(&self.body));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.version_mut() = self.version;
        *request.headers_mut() = self.headers.clone();
        request
    }

    fn is_whole(&self) -> bool {
        lock(&self.body).is_some()
    }
}

/// The body for one attempt, which takes it when it begins to read.
enum Lent {
    Unread { from: Shared, hint: SizeHint },
    Read(Body),
}

impl Lent {
    /// What has no bytes needs no keeping.
    fn of(shared: &Shared) -> Body {
        let body = lock(shared);
        match body.as_ref().filter(|body| !body.is_end_stream()) {
            Some(body) => {
                let hint = body.size_hint();
                Body::new(Self::Unread { from: Arc::clone(shared), hint })
            }
            None => Body::empty(),
        }
    }
}

impl http_body::Body for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = match &mut *self {
            Self::Read(body) => return Pin::new(body).poll_frame(cx),
            Self::Unread { from, .. } => lock(from).take().unwrap_or_else(Body::empty),
        };
        let frame = Pin::new(&mut body).poll_frame(cx);
        *self = Self::Read(body);
        frame
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Read(body) => body.is_end_stream(),
            Self::Unread { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Read(body) => body.size_hint(),
            Self::Unread { hint, .. } => *hint,
        }
    }
}

fn lock(body: &Shared) -> MutexGuard<'_, Option<Body>> {
    body.lock().unwrap_or_else(PoisonError::into_inner)
}
