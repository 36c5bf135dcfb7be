//! Background work in a test: it waits until the test lets it run.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use selvedge::host::BoxFuture;
use selvedge_runtime::background::Background;

/// Work that was left, oldest first.
#[derive(Default)]
pub(crate) struct Backlog(Mutex<Works>);

type Works = VecDeque<BoxFuture<'static, ()>>;

impl Backlog {
    /// Does all of it, and what it leaves in turn.
    pub(crate) async fn drain(&self) {
        while let Some(work) = self.next() {
            work.await;
        }
    }

    fn next(&self) -> Option<BoxFuture<'static, ()>> {
        self.works().pop_front()
    }

    fn works(&self) -> MutexGuard<'_, Works> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Background for Backlog {
    fn run(&self, work: BoxFuture<'static, ()>) {
        self.works().push_back(work);
    }

    fn promise(&self, work: BoxFuture<'static, ()>) {
        self.run(work);
    }

    fn promised(&self) -> usize {
        self.works().len()
    }

    fn kept(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}
