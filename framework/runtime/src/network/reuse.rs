//! Dead connections: an idle one may have been closed by the backend while a request was on its way.
//!
//! Such a request is sent once more, on another connection, if it is idempotent, has no body, and
//! the connection had served before; never otherwise (RFC 9110 section 9.2.2, RFC 9112 section
//! 9.3.1).

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use http::{Extensions, Method};
use http_body::Body as _;
use hyper_util::client::legacy::connect::{CaptureConnection, HttpInfo, capture_connection};
use selvedge::{Body, Request};

/// A connection that has been silent for longer was closed by the pool, not by the backend; its
/// local address may belong to another one by now.
const MEMORY: Duration = Duration::from_secs(10);

/// The connections, by local address, that have served a request, and when they last did.
#[derive(Debug, Default)]
pub(super) struct Served(Mutex<BTreeMap<SocketAddr, Instant>>);

/// The connection that a request is sent on, as soon as that is known.
pub(super) struct Connection(CaptureConnection);

impl Connection {
    /// Follows a request that is about to be sent.
    pub(super) fn of(request: &mut Request) -> Self {
        Self(capture_connection(request))
    }

    /// Remembers that it has served.
    pub(super) fn served(&self, served: &Served) {
        let Some(local) = self.local() else { return };
        let mut known = served.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(local, Instant::now());
        known.retain(|_, last| last.elapsed() < MEMORY);
    }

    /// Whether it has served before.
    pub(super) fn is_known(&self, served: &Served) -> bool {
        let Some(local) = self.local() else { return false };
        let mut known = served.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&local).is_some_and(|last| last.elapsed() < MEMORY)
    }

    fn local(&self) -> Option<SocketAddr> {
        let mut found = Extensions::new();
        self.0.connection_metadata().as_ref()?.get_extras(&mut found);
        found.get::<HttpInfo>().map(HttpInfo::local_addr)
    }
}

/// The same request again, where sending it twice does no harm.
pub(super) fn copy(request: &Request) -> Option<Request> {
    let idempotent = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE | Method::PUT | Method::DELETE
    );
    if !idempotent || !request.body().is_end_stream() {
        return None;
    }
    let mut again = Request::new(Body::empty());
    *again.method_mut() = request.method().clone();
    *again.uri_mut() = request.uri().clone();
    *again.version_mut() = request.version();
    *again.headers_mut() = request.headers().clone();
    Some(again)
}
