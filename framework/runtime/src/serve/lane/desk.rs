//! What the lane and hyper's service tell each other: the answer to a request that the lane has asked for already, when
//! hyper has sent an answer, and when the lane has.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use http_body::{Frame, SizeHint};
use selvedge::{Request, Response};
use tokio::time::Instant;

use super::head;
use crate::{
    reply::Reply,
    serve::gather::{Gathering, Pieces},
    soon::Soon,
};

/// Instead of a time: an answer waits for its client.
const STUCK: u64 = u64::MAX;

/// One connection's.
pub(in crate::serve) struct Desk {
    answer: Mutex<Option<Prepared>>,
    /// Whether hyper has taken all of the answer to what it was handed.
    is_taken: AtomicBool,
    began: Instant,
    /// When the lane last answered, in nanoseconds after that.
    answered: AtomicU64,
}

/// An answer to the request with this head.
struct Prepared {
    text: bytes::Bytes,
    reply: Soon<Reply>,
}

/// Since when the lane has had nothing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Idle {
    /// Since then.
    Since(Instant),
    /// Its client has yet to take an answer.
    Not,
}

impl Desk {
    pub(in crate::serve) fn new() -> Arc<Self> {
        Arc::new(Self {
            answer: Mutex::default(),
            is_taken: AtomicBool::new(false),
            began: Instant::now(),
            answered: AtomicU64::new(0),
        })
    }

    /// Leaves an answer for the request with this head, which hyper is handed next.
    pub(super) fn put(&self, text: bytes::Bytes, reply: Soon<Reply>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Prepared { text, reply });
    }

    /// The answer that was left for this request.
    pub(in crate::serve) fn take(&self, request: &Request) -> Option<Soon<Reply>> {
        let prepared = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        // Whatever was read out of a head here and there: nobody gets the answer to another request.
        let is_for_it = head::is_of(&prepared.text, request);
        is_for_it.then_some(prepared.reply)
    }

    /// The response, of which the lane hears when hyper has taken all of it.
    pub(in crate::serve) fn watch(self: &Arc<Self>, response: Response) -> http::Response<Watched> {
        response.map(|body| Watched { body: Gathering::of(body), desk: Arc::clone(self) })
    }

    /// Whether hyper has taken all of an answer since this was last asked.
    pub(super) fn take_end(&self) -> bool {
        self.is_taken.swap(false, Ordering::AcqRel)
    }

    /// The lane has answered, and the client has all of it.
    pub(super) fn note_answer(&self) {
        let after = self.began.elapsed().as_nanos();
        self.answered.store(u64::try_from(after).unwrap_or(STUCK - 1), Ordering::Relaxed);
    }

    /// The client has yet to take an answer of the lane.
    pub(super) fn note_stuck(&self) {
        self.answered.store(STUCK, Ordering::Relaxed);
    }

    pub(super) fn idle(&self) -> Idle {
        match self.answered.load(Ordering::Relaxed) {
            STUCK => Idle::Not,
            after => Idle::Since(self.began + Duration::from_nanos(after)),
        }
    }
}

/// A response's body; hyper lets it go when it has taken all of it, or ends the connection.
pub(in crate::serve) struct Watched {
    body: Gathering,
    desk: Arc<Desk>,
}

impl http_body::Body for Watched {
    type Data = Pieces;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Pieces>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.desk.is_taken.store(true, Ordering::Release);
    }
}
