//! hyper's timer for heads: a client may be silent for so long before one begins, and then it has so long for it.
//!
//! hyper begins to wait when it has answered, and does not see that a head begins, nor that the lane answers. The time
//! begins anew with both.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};
use tokio::time;

use super::desk::{Desk, Waiting};

/// A timer that waits for so long after an answer of the lane and the beginning of a head, too.
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
    /// When to look again, if something has begun anew meanwhile.
    fn later(&self) -> Option<time::Instant> {
        let now = time::Instant::now();
        let later = match self.desk.waiting() {
            Waiting::Not => now + self.limit,
            Waiting::Since(then) => then + self.limit,
        };
        (later > now).then_some(later)
    }
}
