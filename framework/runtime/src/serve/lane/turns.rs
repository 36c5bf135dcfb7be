//! Whose turn it is when a connection is woken: the lane's, and hyper's where something has happened that it waits for.
//!
//! Most wakes are of plain requests, and hyper has no part in them. So hyper, its timer and what looks for the end of the
//! node have a waker of their own, and as long as it is silent they are not asked. Nothing is decided here: who is woken
//! in vain finds nothing to do.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Ask, Shared};

/// So often the turn goes to and fro before other connections have theirs; hyper does as many requests at once.
const AT_ONCE: usize = 16;

/// Serves a connection of which `above` has all that is not the lane's, to the end of that.
pub(in crate::serve) async fn in_turns<T, A, F>(lane: Shared<T, A>, above: F) -> F::Output
where
    T: AsyncRead + AsyncWrite + Unpin,
    A: Ask,
    F: Future,
{
    let mut above = pin!(above);
    let mut bell = Arc::new(Bell::of(Waker::noop()));
    let mut waker = Waker::from(Arc::clone(&bell));
    std::future::poll_fn(move |cx| {
        if !bell.task.will_wake(cx.waker()) {
            bell = Arc::new(Bell::of(cx.waker()));
            waker = Waker::from(Arc::clone(&bell));
        }
        for _ in 0..AT_ONCE {
            if lane.poll_turn(cx).is_pending() && !bell.take_rung() {
                return Poll::Pending;
            }
            let ended = above.as_mut().poll(&mut Context::from_waker(&waker));
            if ended.is_ready() || !lane.has_turn() {
                return ended;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Wakes a task, and keeps that it did.
struct Bell {
    task: Waker,
    has_rung: AtomicBool,
}

impl Bell {
    /// Whoever has not heard it yet may have something to do.
    fn of(task: &Waker) -> Self {
        Self { task: task.clone(), has_rung: AtomicBool::new(true) }
    }

    /// Whether it has rung since this was last asked.
    fn take_rung(&self) -> bool {
        self.has_rung.load(Ordering::Relaxed) && self.has_rung.swap(false, Ordering::Acquire)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests;
