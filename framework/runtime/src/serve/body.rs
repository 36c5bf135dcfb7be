//! A request's body that must keep coming.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use selvedge::http::Stalled;
use tokio::time::{Sleep, sleep};

use super::linger::Unread;

/// A client that stops in the middle of a request's body for longer is let go, unless the node is told another time.
pub const UPLOAD_IDLE: Duration = Duration::from_secs(30);

/// A request's body, as the pipeline gets it. What has none cannot stall either, and needs nothing kept for it.
pub(crate) fn body(body: Incoming, limit: Duration, unread: &Arc<Unread>) -> selvedge::Body {
    match body.is_end_stream() {
        true => selvedge::Body::empty(),
        false => selvedge::Body::new(Stalling::new(body, limit, Arc::clone(unread))),
    }
}

/// A body that ends in an error when its next piece does not come in time. The time runs only
/// while somebody waits for the piece.
struct Stalling {
    body: Incoming,
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    /// Its end has come, or an error in its place.
    is_over: bool,
    unread: Arc<Unread>,
}

/// Why a body ended.
#[derive(Debug)]
enum Ended {
    /// The connection broke, or its framing was wrong.
    Broken(hyper::Error),
    /// Nothing came for too long.
    Stalled(Stalled),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(_) => f.write_str("the client's connection broke"),
            Self::Stalled(stalled) => stalled.fmt(f),
        }
    }
}

impl std::error::Error for Ended {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(error) => Some(error),
            Self::Stalled(stalled) => Some(stalled),
        }
    }
}

impl Stalling {
    fn new(body: Incoming, limit: Duration, unread: Arc<Unread>) -> Self {
        unread.begin();
        Self { body, limit, waiting: None, is_over: false, unread }
    }

    /// Whether the wait that has begun is over.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let limit = self.limit;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(limit)));
        waiting.as_mut().poll(cx).is_ready()
    }
}

impl Body for Stalling {
    type Data = Bytes;
    type Error = Ended;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.waiting = None;
            self.is_over = !matches!(frame, Some(Ok(_)));
            return Poll::Ready(frame.map(|frame| frame.map_err(Ended::Broken)));
        }
        match self.is_late(cx) {
            true => Poll::Ready(Some(Err(Ended::Stalled(Stalled(self.limit))))),
            false => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Stalling {
    fn drop(&mut self) {
        if !self.is_over && !self.body.is_end_stream() || self.waiting.is_some() {
            self.unread.leave();
        }
    }
}
