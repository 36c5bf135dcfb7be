//! Work that goes on after its request was answered: refreshing what was served stale, and what
//! handlers leave for later.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use selvedge::host::BoxFuture;
use tokio::{runtime::Handle, sync::watch};

/// Where such work runs. A test runs it when it says so.
pub trait Background: Send + Sync + 'static {
    /// Takes work on that may be left undone where there is too much of it: another request will
    /// leave it again.
    fn run(&self, work: BoxFuture<'static, ()>);

    /// Takes work on that nobody will leave again. It is done however much there is.
    fn promise(&self, work: BoxFuture<'static, ()>);

    /// How many promised pieces of work are not done.
    fn promised(&self) -> usize;

    /// Returns when everything promised is done.
    fn kept(&self) -> BoxFuture<'static, ()>;
}

/// Runs work on the reactor of the request that left it; of what may be left undone, up to a number
/// of pieces at a time.
#[derive(Clone, Debug)]
pub struct OnReactor {
    under_way: Arc<AtomicUsize>,
    most: usize,
    promised: watch::Sender<usize>,
}

impl OnReactor {
    /// At most `most` pieces of work at a time that may be left undone; what comes beyond is
    /// dropped, and left to the next request that finds its object stale.
    #[must_use]
    pub fn at_most(most: usize) -> Self {
        Self { under_way: Arc::default(), most, promised: watch::Sender::new(0) }
    }
}

impl Background for OnReactor {
    fn run(&self, work: BoxFuture<'static, ()>) {
        if self.under_way.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.under_way.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let counted = Counted(Arc::clone(&self.under_way));
        spawn(async move {
            let _counted = counted;
            work.await;
        });
    }

    fn promise(&self, work: BoxFuture<'static, ()>) {
        let promise = Promise::given(&self.promised);
        spawn(async move {
            let _promise = promise;
            work.await;
        });
    }

    fn promised(&self) -> usize {
        *self.promised.borrow()
    }

    fn kept(&self) -> BoxFuture<'static, ()> {
        let mut promised = self.promised.subscribe();
        Box::pin(async move {
            let _ = promised.wait_for(|promised| *promised == 0).await;
        })
    }
}

/// What is left by a request whose reactor has ended has nowhere to run.
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(reactor) = Handle::try_current() {
        drop(reactor.spawn(work));
    }
}

/// A piece of work under way, however it ends.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A piece of work that was promised, however it ends.
struct Promise(watch::Sender<usize>);

impl Promise {
    fn given(promised: &watch::Sender<usize>) -> Self {
        promised.send_modify(|count| *count += 1);
        Self(promised.clone())
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests;
