//! hyper's timer for heads, on a connection with a lane: while the lane answers, hyper waits for nothing.
//!
//! hyper begins to wait when it has answered, and does not see that others do. The time begins anew with each answer of
//! the lane. To read a clock for each would cost more than to look now and then whether there were any.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};
use tokio::time;

use super::desk::{Desk, Work};

/// How often it looks, in the time that it waits: it may wait longer by one such part.
const LOOKS: u32 = 8;

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
        let (desk, limit) = (Arc::clone(&self.desk), self.limit);
        let end = time::Instant::from_std(deadline);
        let first = end.min(time::Instant::now() + limit / LOOKS);
        let sleep = Box::pin(time::sleep_until(first));
        Box::pin(Patient { sleep, seen: desk.work(), desk, limit, end })
    }

    fn now(&self) -> Instant {
        time::Instant::now().into_std()
    }
}

struct Patient {
    sleep: Pin<Box<time::Sleep>>,
    desk: Arc<Desk>,
    limit: Duration,
    /// What the lane had to do when this last looked.
    seen: Work,
    /// When it is over, if there is no answer from then on.
    end: time::Instant,
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
    /// When to look again, unless it is over.
    fn later(&mut self) -> Option<time::Instant> {
        let (now, work) = (time::Instant::now(), self.desk.work());
        if work == Work::Stuck || work != self.seen {
            (self.seen, self.end) = (work, now + self.limit);
        }
        (self.end > now).then(|| self.end.min(now + self.limit / LOOKS))
    }
}
