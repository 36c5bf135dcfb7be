//! The one place where time comes from. Nothing else in the project reads a clock for a decision.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

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
        since.as_secs().saturating_mul(1000).saturating_add(since.subsec_millis().into())
    }

    fn sleep(&self, for_ms: u64) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(for_ms)))
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct ManualClock {
    now_ms: watch::Sender<u64>,
    /// When sleepers wake up, and how many at each time.
    wakes: Arc<Mutex<BTreeMap<u64, usize>>>,
}

impl ManualClock {
    /// A clock that shows `now_ms`.
    #[must_use]
    pub fn at(now_ms: u64) -> Self {
        Self { now_ms: watch::Sender::new(now_ms), wakes: Arc::default() }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.now_ms.send_modify(|now_ms| *now_ms = now_ms.saturating_add(by));
    }

    /// The next time at which somebody wakes up who sleeps now, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn next_wake_ms(&self) -> Option<u64> {
        let after = (Bound::Excluded(self.now_ms()), Bound::Unbounded);
        lock(&self.wakes).range(after).next().map(|(at_ms, _)| *at_ms)
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> u64 {
        *self.now_ms.borrow()
    }

    fn sleep(&self, for_ms: u64) -> BoxFuture<'static, ()> {
        let mut shown = self.now_ms.subscribe();
        let until_ms = self.now_ms().saturating_add(for_ms);
        let sleeper = Sleeper::note(&self.wakes, until_ms);
        Box::pin(async move {
            let _sleeper = sleeper;
            // A clock that is gone moves no more, and nobody is there to wait.
            let _ = shown.wait_for(|now_ms| *now_ms >= until_ms).await;
        })
    }
}

/// One entry among the wakes, for as long as somebody sleeps.
struct Sleeper {
    wakes: Arc<Mutex<BTreeMap<u64, usize>>>,
    until_ms: u64,
}

impl Sleeper {
    fn note(wakes: &Arc<Mutex<BTreeMap<u64, usize>>>, until_ms: u64) -> Self {
        *lock(wakes).entry(until_ms).or_default() += 1;
        Self { wakes: Arc::clone(wakes), until_ms }
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let mut wakes = lock(&self.wakes);
        if let Entry::Occupied(mut entry) = wakes.entry(self.until_ms) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
