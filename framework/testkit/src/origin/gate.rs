//! Holds a scripted origin's replies back until a test lets them go on.

use std::sync::Arc;

use tokio::sync::watch;

/// Lets replies go on step by step: the head is the first step, each chunk of the body one more.
///
/// Every reply that it holds counts its own steps, so two replies of one gate go on side by side.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<usize>>);

impl Gate {
    /// A gate that lets nothing through.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    /// Lets every reply do so many steps more.
    pub fn allow(&self, steps: usize) {
        self.0.send_modify(|allowed| *allowed = allowed.saturating_add(steps));
    }

    /// Lets everything through.
    pub fn open(&self) {
        self.0.send_replace(usize::MAX);
    }

    /// Waits until a reply may do the step with this number, counted from 1.
    pub(super) async fn pass(self, step: usize) {
        let mut allowed = self.0.subscribe();
        // The sender lives as long as this gate does.
        let _ = allowed.wait_for(|allowed| *allowed >= step).await;
    }
}
