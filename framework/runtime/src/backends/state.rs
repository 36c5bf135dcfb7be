//! What a node knows of one backend.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};

use selvedge_model::manifest;

use super::{Health, Turn};

/// Whether a backend works, what is under way to it, and when it is probed next.
#[derive(Debug)]
pub struct State {
    health: Option<Health>,
    under_way: AtomicUsize,
    next_probe_ms: AtomicU64,
    is_probed: AtomicBool,
}

impl State {
    /// As a node starts with it: its first probe is due at once.
    #[must_use]
    pub fn of(settings: &manifest::Backend) -> Self {
        Self {
            health: settings.healthcheck.as_ref().map(Health::of),
            under_way: AtomicUsize::new(0),
            next_probe_ms: AtomicU64::new(0),
            is_probed: AtomicBool::new(false),
        }
    }

    /// Whether it works; one that nobody probes always does.
    #[must_use]
    pub fn works(&self) -> bool {
        self.health.as_ref().is_none_or(Health::is_good)
    }

    /// How many requests are under way to it.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// One more request is under way, for as long as the slot lives; `None` where that would be more than `most`.
    #[must_use]
    pub fn enter(state: &Arc<Self>, most: Option<usize>) -> Option<Slot> {
        let slot = Slot(Arc::clone(state));
        let before = state.under_way.fetch_add(1, Ordering::Relaxed);
        // The slot takes itself back.
        most.is_none_or(|most| before < most).then_some(slot)
    }

    /// When it is probed next, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn next_probe_ms(&self) -> Option<u64> {
        self.health.as_ref().map(|_| self.next_probe_ms.load(Ordering::Relaxed))
    }

    /// Takes the probe that is due now. The last one must have ended.
    pub(super) fn take_due(&self, now_ms: u64, interval_ms: u64) -> bool {
        let is_due = self.next_probe_ms().is_some_and(|next_ms| next_ms <= now_ms);
        if is_due {
            let next_ms = now_ms.saturating_add(interval_ms);
            self.next_probe_ms.store(next_ms, Ordering::Relaxed);
        }
        is_due && !self.is_probed.swap(true, Ordering::Relaxed)
    }

    /// Notes how a probe ended.
    pub(super) fn probed(&self, succeeded: bool) -> Option<Turn> {
        self.is_probed.store(false, Ordering::Relaxed);
        self.health.as_ref()?.probed(succeeded)
    }
}

/// One request that is under way.
#[derive(Debug)]
pub struct Slot(Arc<State>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}
