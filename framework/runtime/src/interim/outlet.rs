//! What a connection sends ahead of a response: heads of interim responses, in the gaps between messages.
//!
//! hyper's server has no call for it, but it flushes the connection while it waits for a response, and it does so only when
//! all that it wrote before has left. At that moment a head may be written; a head that is begun is finished before anything
//! else. A response is held back until the heads ahead of it have left, and ends its request's right to send more: so none is
//! ever written into a message, be it of this request or of another one in the pipeline.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    pin::{Pin, pin},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker, ready},
};

use bytes::{Buf as _, Bytes};
use hyper::rt::Write;

/// So many interim responses one request may have; origins send one or two.
const MOST: usize = 16;
/// So many bytes of them may wait for the client.
const WAITING_MOST: usize = 32 * 1024;

/// Which heads may be written now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// Only the rest of one that is begun.
    Begun,
    /// All of them: the connection is between two messages.
    All,
}

/// The heads that wait on one connection.
#[derive(Debug, Default)]
pub(crate) struct Outlet {
    /// Whether there are any, to be seen without the lock.
    some: AtomicBool,
    /// How many requests have come.
    requests: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of the request that heads are for.
    request: u64,
    /// How many heads it may still send.
    left: usize,
    heads: VecDeque<Bytes>,
    /// Whether a part of the first one has been written.
    begun: bool,
    /// Who waits for a response.
    waiting: Option<Waker>,
}

impl Outlet {
    /// A request has come; returns its number, and sends nothing for it yet.
    pub(crate) fn number(&self) -> u64 {
        // They come one after another.
        let number = self.requests.load(Ordering::Relaxed) + 1;
        self.requests.store(number, Ordering::Relaxed);
        number
    }

    /// From now on heads are for this request, which has to wait for its answer.
    pub(crate) fn open(&self, request: u64) {
        let mut state = self.state();
        (state.request, state.left) = (request, MOST);
    }

    /// Takes a head for this request, unless it has had its response, or too many.
    pub(crate) fn send(&self, request: u64, head: Bytes) {
        let mut state = self.state();
        let bytes: usize = state.heads.iter().map(Bytes::len).sum();
        if state.request != request || state.left == 0 || bytes + head.len() > WAITING_MOST {
            return;
        }
        state.left -= 1;
        state.heads.push_back(head);
        self.some.store(true, Ordering::Release);
        state.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// The answer, once all that was sent ahead of it has left. From then on nothing more is.
    pub(crate) async fn ahead_of<T>(&self, answer: impl Future<Output = T>) -> T {
        let mut answer = pin!(answer);
        let answer = poll_fn(|cx| {
            let polled = answer.as_mut().poll(cx);
            if polled.is_pending() {
                self.state().wait(cx);
            }
            polled
        });
        let answer = answer.await;
        poll_fn(|cx| self.poll_close(cx)).await;
        answer
    }

    fn poll_close(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.heads.is_empty() {
            state.left = 0;
            return Poll::Ready(());
        }
        state.wait(cx);
        Poll::Pending
    }

    /// Writes heads to the connection.
    pub(crate) fn poll_write<T: Write + Unpin>(
        &self,
        which: Which,
        io: &mut T,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.some.load(Ordering::Acquire) {
            return Poll::Ready(Ok(()));
        }
        let mut state = self.state();
        while which == Which::All || state.begun {
            let Some(head) = state.heads.front_mut() else { break };
            let written = ready!(Pin::new(&mut *io).poll_write(cx, head))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            head.advance(written);
            state.begun = !head.is_empty();
            if !state.begun {
                state.heads.pop_front();
            }
        }
        if state.heads.is_empty() {
            self.some.store(false, Ordering::Release);
            state.waiting.take().into_iter().for_each(Waker::wake);
        }
        Poll::Ready(Ok(()))
    }

    /// No step under the lock can leave it half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whoever polls now is woken when a head has come, and when the last one has left.
    fn wait(&mut self, cx: &Context<'_>) {
        match &mut self.waiting {
            Some(waiting) => waiting.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
    }
}
