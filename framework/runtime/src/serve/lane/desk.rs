//! What the lane and hyper's service tell each other: the answer to a request that the lane has asked for already, when
//! hyper has sent an answer, and when the lane has. And what of it others have to hear: when a head has begun, and that
//! hyper has refused one.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use selvedge::{Request, Response};
use tokio::time::Instant;

use super::{Watched, head};
use crate::{reply::Reply, serve::linger::Unread, soon::Soon};

/// Instead of a time: an answer waits for its client.
const STUCK: u64 = u64::MAX;

/// One connection's.
pub(in crate::serve) struct Desk {
    answer: Mutex<Option<Prepared>>,
    /// Whether the service has a request of hyper's, and not all of the answer has left.
    is_asked: AtomicBool,
    /// Whether some of a request has come that the service has yet to hear of.
    is_begun: AtomicBool,
    /// Whether hyper has taken all of the answer to what it was handed.
    is_taken: AtomicBool,
    began: Instant,
    /// When the lane last answered, or hyper began to read a head, in nanoseconds after that.
    since: AtomicU64,
    unread: Arc<Unread>,
}

/// An answer to the request with this head.
struct Prepared {
    text: bytes::Bytes,
    reply: Soon<Reply>,
}

/// Whether a client is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Since then, for a head or the rest of one.
    Since(Instant),
    /// It has yet to take an answer of the lane.
    Not,
}

impl Desk {
    /// That of a connection whose client may be sending what nobody wants.
    pub(in crate::serve) fn new(unread: Arc<Unread>) -> Arc<Self> {
        Arc::new(Self {
            answer: Mutex::default(),
            is_asked: AtomicBool::new(false),
            is_begun: AtomicBool::new(false),
            is_taken: AtomicBool::new(false),
            began: Instant::now(),
            since: AtomicU64::new(0),
            unread,
        })
    }

    /// Leaves an answer for the request with this head, which hyper is handed next.
    pub(super) fn put(&self, text: bytes::Bytes, reply: Soon<Reply>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Prepared { text, reply });
    }

    /// The service is asked this; the answer, if one was left for it.
    pub(in crate::serve) fn take(&self, request: &Request) -> Option<Soon<Reply>> {
        self.is_asked.store(true, Ordering::Relaxed);
        self.is_begun.store(false, Ordering::Relaxed);
        let prepared = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        // Whatever was read out of a head here and there: nobody gets the answer to another request.
        let is_for_it = head::is_of(&prepared.text, request);
        is_for_it.then_some(prepared.reply)
    }

    /// The response, of which the lane hears when hyper has taken all of it.
    pub(in crate::serve) fn watch(self: &Arc<Self>, response: Response) -> http::Response<Watched> {
        response.map(|body| Watched::of(body, self))
    }

    /// hyper has taken all of an answer, or ends the connection.
    pub(super) fn note_taken(&self) {
        self.is_taken.store(true, Ordering::Release);
    }

    /// Nothing that hyper wrote is left: whether that was all of an answer, for the first time since this was last asked.
    pub(super) fn take_end(&self) -> bool {
        let is_taken = self.is_taken.swap(false, Ordering::AcqRel);
        if is_taken {
            self.is_asked.store(false, Ordering::Relaxed);
        }
        is_taken
    }

    /// hyper writes. What is no answer of the service refuses what came, and more of that may be coming.
    pub(super) fn note_write(&self) {
        if !self.is_asked.load(Ordering::Relaxed) {
            self.unread.leave();
        }
    }

    /// hyper reads. What comes while the service has no request is of a head, and the first of it begins its time.
    pub(super) fn note_read(&self) {
        let is_asked = self.is_asked.load(Ordering::Relaxed);
        if !is_asked && !self.is_begun.swap(true, Ordering::Relaxed) {
            self.note_now();
        }
    }

    /// The lane has answered, and the client has all of it.
    pub(super) fn note_answer(&self) {
        self.note_now();
    }

    /// The client has yet to take an answer of the lane.
    pub(super) fn note_stuck(&self) {
        self.since.store(STUCK, Ordering::Relaxed);
    }

    fn note_now(&self) {
        let after = self.began.elapsed().as_nanos();
        self.since.store(u64::try_from(after).unwrap_or(STUCK - 1), Ordering::Relaxed);
    }

    pub(super) fn waiting(&self) -> Waiting {
        match self.since.load(Ordering::Relaxed) {
            STUCK => Waiting::Not,
            after => Waiting::Since(self.began + Duration::from_nanos(after)),
        }
    }
}
