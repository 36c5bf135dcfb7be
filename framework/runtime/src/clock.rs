//! The one place where time comes from. Nothing else in the project reads a clock for a decision.

use std::time::{Duration, SystemTime};

use selvedge::host::BoxFuture;
use tokio::sync::watch;

/// A source of the current time.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> u64;

    /// Returns when so many milliseconds have gone by.
    fn sleep(&self, for_ms: u64) -> BoxFuture<'static, ()>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn sleep(&self, for_ms: u64) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(for_ms)))
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct ManualClock(watch::Sender<u64>);

impl ManualClock {
    /// A clock that shows `now_ms`.
    #[must_use]
    pub fn at(now_ms: u64) -> Self {
        Self(watch::Sender::new(now_ms))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.0.send_modify(|now_ms| *now_ms = now_ms.saturating_add(by));
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> u64 {
        *self.0.borrow()
    }

    fn sleep(&self, for_ms: u64) -> BoxFuture<'static, ()> {
        let mut shown = self.0.subscribe();
        let until_ms = self.now_ms().saturating_add(for_ms);
        Box::pin(async move {
            // A clock that is gone moves no more, and nobody is there to wait.
            let _ = shown.wait_for(|now_ms| *now_ms >= until_ms).await;
        })
    }
}
