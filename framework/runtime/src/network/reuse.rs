//! Dead connections: an idle one may have been closed by the backend while a request was on its way.
//!
//! Such a request is sent once more, on another connection, if it is idempotent, has no body, the
//! connection had served before, and not a byte of an answer came; never otherwise (RFC 9110 section
//! 9.2.2, RFC 9112 section 9.3.1).

use http::{Extensions, Method};
use http_body::Body as _;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use selvedge::{Body, Request};
use tokio::time::Instant;

use super::counted::Life;

/// The connection that a request is sent on, as soon as that is known.
#[derive(Clone)]
pub(super) struct Used(CaptureConnection);

impl Used {
    /// Follows a request that is about to be sent.
    pub(super) fn by(request: &mut Request) -> Self {
        Self(capture_connection(request))
    }

    /// Waits until there is a connection; what never gets one waits for ever.
    pub(super) async fn made(mut self) {
        drop(self.0.wait_for_connection_metadata().await);
    }

    /// When something was written to it last.
    pub(super) fn wrote(&self) -> Option<Instant> {
        self.life().map(|life| life.wrote())
    }

    /// Remembers that it has served.
    pub(super) fn serve(&self) {
        if let Some(life) = self.life() {
            life.serve();
        }
    }

    /// Whether it had died before it was used again.
    pub(super) fn was_dead(&self) -> bool {
        self.life().is_some_and(|life| life.has_served() && life.ended_unanswered())
    }

    fn life(&self) -> Option<Life> {
        let mut found = Extensions::new();
        self.0.connection_metadata().as_ref()?.get_extras(&mut found);
        found.remove()
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
