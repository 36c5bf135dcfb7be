//! What the lane and hyper's service tell each other: the answer to a request that the lane has asked for already, when
//! hyper has sent an answer, and when the lane has.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use http_body::{Frame, SizeHint};
use selvedge::{Request, Response};

use super::head;
use crate::{
    reply::Reply,
    serve::gather::{Gathering, Pieces},
    soon::Soon,
};

/// One connection's.
pub(in crate::serve) struct Desk {
    answer: Mutex<Option<Prepared>>,
    /// Whether hyper has taken all of the answer to what it was handed.
    is_taken: AtomicBool,
    /// How often the lane has answered.
    answers: AtomicU64,
    /// Whether an answer of the lane waits for its client.
    is_stuck: AtomicBool,
}

/// An answer to the request with this head.
struct Prepared {
    text: bytes::Bytes,
    reply: Soon<Reply>,
}

/// What the lane has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Nothing, after so many answers.
    Done(u64),
    /// Its client has yet to take an answer.
    Stuck,
}

impl Desk {
    pub(in crate::serve) fn new() -> Arc<Self> {
        Arc::new(Self {
            answer: Mutex::default(),
            is_taken: AtomicBool::new(false),
            answers: AtomicU64::new(0),
            is_stuck: AtomicBool::new(false),
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

    /// The lane has answered, and the client has all of it. Nobody else counts.
    pub(super) fn note_answer(&self) {
        self.answers.store(self.answers.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        self.is_stuck.store(false, Ordering::Relaxed);
    }

    /// The client has yet to take an answer of the lane.
    pub(super) fn note_stuck(&self) {
        self.is_stuck.store(true, Ordering::Relaxed);
    }

    pub(super) fn work(&self) -> Work {
        match self.is_stuck.load(Ordering::Relaxed) {
            true => Work::Stuck,
            false => Work::Done(self.answers.load(Ordering::Relaxed)),
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
