//! A request's body that must keep coming.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Sleep, sleep};

/// A body that ends in an error when its next piece does not come in time. The time runs only
/// while somebody waits for the piece.
pub(super) struct Stalling {
    body: Incoming,
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

/// Why a body ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// The connection broke, or its framing was wrong.
    Broken(hyper::Error),
    /// Nothing came for so long.
    Stalled(Duration),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(_) => f.write_str("the client's connection broke"),
            Self::Stalled(limit) => write!(f, "nothing came for {} s", limit.as_secs()),
        }
    }
}

impl std::error::Error for Ended {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(error) => Some(error),
            Self::Stalled(_) => None,
        }
    }
}

impl Stalling {
    pub(super) fn new(body: Incoming, limit: Duration) -> Self {
        Self { body, limit, waiting: None }
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
            return Poll::Ready(frame.map(|frame| frame.map_err(Ended::Broken)));
        }
        match self.is_late(cx) {
            true => Poll::Ready(Some(Err(Ended::Stalled(self.limit)))),
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
