//! A connection that ends with a reset, since its end would else be taken for that of a body.
//!
//! To HTTP/1.0 a body without a length lasts until the connection ends (RFC 9112 section 6.3): one that breaks off must not
//! end like that, or whoever reads it takes a part for the whole, and may store it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::Version;
use http_body::{Body as _, Frame, SizeHint};
use selvedge::{Body, Response};
use socket2::SockRef;
use tokio::net::TcpStream;

/// Whether a body has broken off on a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Broken(Arc<AtomicBool>);

impl Broken {
    /// The response, of whose body's breaking off this hears where the version knows no other way to say it.
    pub(super) fn watch(&self, response: Response, version: Version) -> Response {
        let has_length = response.body().size_hint().exact().is_some();
        match version > Version::HTTP_10 || has_length {
            true => response,
            false => response.map(|body| Body::new(Watched { body, broken: self.clone() })),
        }
    }

    /// Has a socket end with a reset when it is let go after such a body.
    pub(super) fn reset(&self, stream: &TcpStream) {
        if self.0.load(Ordering::Relaxed) {
            // A socket that refuses ends as others do.
            let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
        }
    }
}

/// A body under watch.
struct Watched {
    body: Body,
    broken: Broken,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if matches!(frame, Some(Err(_))) {
            self.broken.0.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
