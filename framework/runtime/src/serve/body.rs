//! A request's body that must keep coming, and not by the byte.
//!
//! A client that says nothing for a while is let go, and so is one that says so little that it would keep its place for ever.
//! It has as much patience of the node as it may be silent; waiting for it uses that up, and what it sends brings it back, up
//! to where it was. Time in which nobody waits for the client, because what it sent is not taken, is not its time.

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
use tokio::time::{Instant, Sleep, sleep};

use super::linger::Unread;

/// What is asked of clients that send a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploads {
    /// One that says nothing for longer is let go.
    pub idle: Duration,
    /// One that sends fewer bytes a second, over such a time, is let go. 0 is any number.
    pub least: u64,
}

/// Unless the node is told otherwise.
impl Default for Uploads {
    fn default() -> Self {
        Self { idle: Duration::from_secs(30), least: 1024 }
    }
}

impl Uploads {
    /// The patience that is left after a piece of so many bytes that was waited for so long.
    fn left(self, before: Duration, waited: Duration, bytes: u64) -> Duration {
        match bytes.saturating_mul(1000).checked_div(self.least) {
            None => self.idle,
            Some(worth) => {
                let left = before.saturating_sub(waited);
                left.saturating_add(Duration::from_millis(worth)).min(self.idle)
            }
        }
    }

    /// Why a wait that took all the patience there was is the end.
    fn why(self, left: Duration) -> Stalled {
        match left < self.idle {
            true => Stalled::Slow(self.least),
            false => Stalled::Silent(self.idle),
        }
    }
}

/// A request's body, as the pipeline gets it. What has none cannot stall either, and needs nothing kept for it.
pub(crate) fn body(body: Incoming, uploads: Uploads, unread: &Arc<Unread>) -> selvedge::Body {
    match body.is_end_stream() {
        true => selvedge::Body::empty(),
        false => selvedge::Body::new(Stalling::new(body, uploads, Arc::clone(unread))),
    }
}

/// A body that ends in an error when its next piece does not come in time. The time runs only
/// while somebody waits for the piece.
struct Stalling {
    body: Incoming,
    uploads: Uploads,
    waiting: Option<Wait>,
    /// The patience that is left.
    left: Duration,
    /// Its end has come, or an error in its place.
    is_over: bool,
    unread: Arc<Unread>,
}

/// A wait for the next piece.
struct Wait {
    since: Instant,
    end: Pin<Box<Sleep>>,
}

/// Why a body ended.
#[derive(Debug)]
enum Ended {
    /// The connection broke, or its framing was wrong.
    Broken(hyper::Error),
    /// Nothing came for too long, or too little.
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
    fn new(body: Incoming, uploads: Uploads, unread: Arc<Unread>) -> Self {
        unread.begin();
        Self { body, uploads, waiting: None, left: uploads.idle, is_over: false, unread }
    }

    /// The wait that has begun, if one has, is over, since this came.
    fn count(&mut self, frame: &Frame<Bytes>) {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let waited = self.waiting.take().map_or(Duration::ZERO, |wait| wait.since.elapsed());
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.left = self.uploads.left(self.left, waited, bytes);
    }

    /// Why the wait that has begun is over, if it is.
    fn late(&mut self, cx: &mut Context<'_>) -> Option<Stalled> {
        let left = self.left;
        let begin = || Wait { since: Instant::now(), end: Box::pin(sleep(left)) };
        let wait = self.waiting.get_or_insert_with(begin);
        wait.end.as_mut().poll(cx).is_ready().then(|| self.uploads.why(left))
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
            match &frame {
                Some(Ok(piece)) => self.count(piece),
                _ => (self.waiting, self.is_over) = (None, true),
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Ended::Broken)));
        }
        match self.late(cx) {
            Some(why) => Poll::Ready(Some(Err(Ended::Stalled(why)))),
            None => Poll::Pending,
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

#[cfg(test)]
mod tests;
