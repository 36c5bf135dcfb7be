//! A body that comes from a backend: its request is under way until it ends, and it may not stop for too long.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use selvedge::{Body, Response, host::BoxFuture};

use super::Slot;
use crate::clock::Clock;

/// The response, whose body keeps the slot to its end and breaks off where it stops for longer than so many milliseconds
/// while somebody waits for more.
pub(crate) fn watched(
    response: Response,
    slot: Option<Slot>,
    clock: &Arc<dyn Clock>,
    stop_ms: u64,
) -> Response {
    if response.body().is_end_stream() {
        return response;
    }
    let clock = Arc::clone(clock);
    response.map(|body| Body::new(Watched { body, slot, clock, stop_ms, stopped: None }))
}

struct Watched {
    body: Body,
    slot: Option<Slot>,
    clock: Arc<dyn Clock>,
    stop_ms: u64,
    /// Ends when the backend has been silent for too long.
    stopped: Option<BoxFuture<'static, ()>>,
}

impl Watched {
    fn end(&mut self) {
        (self.slot, self.stopped) = (None, None);
        self.body = Body::empty();
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            match frame {
                Some(Ok(_)) => this.stopped = None,
                Some(Err(_)) | None => this.end(),
            }
            return Poll::Ready(frame);
        }
        let (clock, stop_ms) = (&this.clock, this.stop_ms);
        let stopped = this.stopped.get_or_insert_with(|| clock.sleep(stop_ms));
        ready!(stopped.as_mut().poll(cx));
        this.end();
        let text = format!("the backend sent nothing for {stop_ms} ms");
        let error = io::Error::new(io::ErrorKind::TimedOut, text);
        Poll::Ready(Some(Err(axum::Error::new(error))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
