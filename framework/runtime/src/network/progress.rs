//! Whether a request's body is still moving, and whether it failed by itself.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge::{Body, Request};

/// How far a request's body has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    frames: AtomicU64,
    failed: AtomicBool,
}

impl Progress {
    /// How many pieces have been sent.
    pub(super) fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
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
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(_)) => drop(self.progress.frames.fetch_add(1, Ordering::Relaxed)),
            Some(Err(_)) => self.progress.failed.store(true, Ordering::Relaxed),
            None => {}
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
