//! hyper's timer for heads, on a connection with a lane: while the lane answers, hyper waits for nothing.
//!
//! hyper begins to wait when it has answered, and does not see that others do. The time begins anew with each answer of
//! the lane.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};
use tokio::time;

use super::desk::{Desk, Idle};

/// A timer that waits for so long after an answer of the lane, too.
pub(in crate::serve) struct Patience {
    desk: Arc<Desk>,
    limit: Duration,
}

impl Patience {
    pub(in crate::serve) fn new(desk: &Arc<Desk>, limit: Duration) -> Self {
        Self { desk: Arc::clone(desk), limit }
    }
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Patient {
            sleep: Box::pin(time::sleep_until(deadline.into())),
            desk: Arc::clone(&self.desk),
            limit: self.limit,
        })
    }

    fn now(&self) -> Instant {
        time::Instant::now().into_std()
    }
}

struct Patient {
    sleep: Pin<Box<time::Sleep>>,
    desk: Arc<Desk>,
    limit: Duration,
}

impl Sleep for Patient {}

impl Future for Patient {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.sleep.as_mut().poll(cx));
            let Some(later) = self.later() else { return Poll::Ready(()) };
            self.sleep.as_mut().reset(later);
        }
    }
}

impl Patient {
    /// When to look again, if the lane has had something to do meanwhile.
    fn later(&self) -> Option<time::Instant> {
        let now = time::Instant::now();
        let later = match self.desk.idle() {
            Idle::Not => now + self.limit,
            Idle::Since(answered) => answered + self.limit,
        };
        (later > now).then_some(later)
    }
}
