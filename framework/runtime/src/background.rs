//! Work that goes on after its request was answered: refreshing what was served stale.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use selvedge::host::BoxFuture;

/// Where such work runs. A test runs it when it says so.
pub trait Background: Send + Sync + 'static {
    /// Takes work on.
    fn run(&self, work: BoxFuture<'static, ()>);
}

/// Runs work on the reactor of the request that left it, up to a number of pieces at a time.
#[derive(Clone, Debug)]
pub struct OnReactor {
    under_way: Arc<AtomicUsize>,
    most: usize,
}

impl OnReactor {
    /// At most `most` pieces of work at a time; what comes beyond is dropped, and left to the next
    /// request that finds its object stale.
    #[must_use]
    pub fn at_most(most: usize) -> Self {
        Self { under_way: Arc::default(), most }
    }
}

impl Background for OnReactor {
    fn run(&self, work: BoxFuture<'static, ()>) {
        if self.under_way.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.under_way.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let under_way = Arc::clone(&self.under_way);
        drop(tokio::spawn(async move {
            work.await;
            under_way.fetch_sub(1, Ordering::Relaxed);
        }));
    }
}
