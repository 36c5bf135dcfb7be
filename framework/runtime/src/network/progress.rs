//! Where a request's body is: whether the client still has to send some of it, when it moved last, and whether it failed by
//! itself.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge::{Body, Request, http::is_stalled};
use tokio::time::Instant;

use super::moment::Moment;

/// How far a request's body has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    moved: Moment,
    /// Whether the next piece has yet to come from the client.
    awaited: AtomicBool,
    failed: AtomicBool,
    stalled: AtomicBool,
}

impl Progress {
    /// When a piece, or its end, was given to the connection last.
    pub(super) fn moved(&self) -> Instant {
        self.moved.at()
    }

    /// Whether the next piece has yet to come from the client: no backend can answer for that.
    pub(super) fn is_awaited(&self) -> bool {
        self.awaited.load(Ordering::Relaxed)
    }

    /// Whether it broke off since the client said no more.
    pub(super) fn stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed)
    }

    /// Whether the body itself broke off, on the client's side.
    pub(super) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

/// The request, its body watched.
pub(super) fn watch(request: Request) -> (Request, Arc<Progress>) {
    let progress = Arc::new(Progress::default());
    let watched = |body| Body::new(Watched { body, progress: Arc::clone(&progress) });
    (request.map(watched), progress)
}

struct Watched {
    body: Body,
    progress: Arc<Progress>,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.progress.awaited.store(polled.is_pending(), Ordering::Relaxed);
        let frame = ready!(polled);
        self.progress.moved.is_now();
        if let Some(Err(error)) = &frame {
            self.progress.stalled.store(is_stalled(error), Ordering::Relaxed);
            self.progress.failed.store(true, Ordering::Relaxed);
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
