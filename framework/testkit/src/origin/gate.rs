//! Holds a scripted origin's replies back until a test lets them go on.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::watch;

/// Lets replies go on step by step: the head is the first step, each chunk of the body one more.
///
/// Every reply that it holds counts its own steps, so two replies of one gate go on side by side.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Steps>);

#[derive(Debug)]
struct Steps {
    allowed: watch::Sender<usize>,
    done: AtomicUsize,
}

impl Gate {
    /// A gate that lets nothing through.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(Steps { allowed: watch::Sender::new(0), done: AtomicUsize::new(0) }))
    }

    /// Lets every reply do so many steps more.
    pub fn allow(&self, steps: usize) {
        self.0.allowed.send_modify(|allowed| *allowed = allowed.saturating_add(steps));
    }

    /// Lets everything through.
    pub fn open(&self) {
        self.0.allowed.send_replace(usize::MAX);
    }

    /// How many steps its replies have done, all together: how much of them was asked for.
    #[must_use]
    pub fn done(&self) -> usize {
        self.0.done.load(Ordering::Relaxed)
    }

    /// Waits until a reply may do the step with this number, counted from 1.
    pub(super) async fn pass(self, step: usize) {
        let mut allowed = self.0.allowed.subscribe();
        // The sender lives as long as this gate does.
        let _ = allowed.wait_for(|allowed| *allowed >= step).await;
        self.0.done.fetch_add(1, Ordering::Relaxed);
    }
}
