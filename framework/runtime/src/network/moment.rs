//! A moment that several tasks may move: when something happened last.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// When something happened last; at first, when it was made.
#[derive(Debug)]
pub(super) struct Moment {
    made: Instant,
    /// In microseconds since then.
    after: AtomicU64,
}

impl Default for Moment {
    fn default() -> Self {
        Self { made: Instant::now(), after: AtomicU64::new(0) }
    }
}

impl Moment {
    /// It happens now.
    pub(super) fn is_now(&self) {
        let after = u64::try_from(self.made.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.after.store(after, Ordering::Relaxed);
    }

    /// When it happened.
    pub(super) fn at(&self) -> Instant {
        self.made + Duration::from_micros(self.after.load(Ordering::Relaxed))
    }
}
