//! What scripted replies need of the edge: its clock, and a count of those that it or a gate holds back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use selvedge::host::BoxFuture;
use selvedge_runtime::clock::Clock;

/// The clock of an edge, and how many replies wait.
#[derive(Clone)]
pub(crate) struct Stage {
    clock: Arc<dyn Clock>,
    held: Arc<AtomicUsize>,
}

impl Stage {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, held: Arc::default() }
    }

    /// Whether a reply waits for something that only the test can do.
    pub(crate) fn holds_any(&self) -> bool {
        self.held.load(Ordering::Relaxed) > 0
    }

    /// Waits until the clock has moved on by so much.
    pub(super) fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.hold(self.clock.sleep(ms))
    }

    /// Waits, and is counted meanwhile.
    pub(crate) fn hold(
        &self,
        wait: impl Future<Output = ()> + Send + 'static,
    ) -> BoxFuture<'static, ()> {
        let held = Held::count(&self.held);
        Box::pin(async move {
            let _held = held;
            wait.await;
        })
    }
}

/// One that waits, however that ends.
struct Held(Arc<AtomicUsize>);

impl Held {
    fn count(held: &Arc<AtomicUsize>) -> Self {
        held.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(held))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
