//! Background work in a test: it waits until the test lets it run.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use selvedge::host::BoxFuture;
use selvedge_runtime::background::Background;

/// Work that was left, oldest first.
#[derive(Default)]
pub(crate) struct Backlog(Mutex<VecDeque<BoxFuture<'static, ()>>>);

impl Backlog {
    /// Does all of it, and what it leaves in turn.
    pub(crate) async fn run(&self) {
        while let Some(work) = self.next() {
            work.await;
        }
    }

    fn next(&self) -> Option<BoxFuture<'static, ()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl Background for Backlog {
    fn run(&self, work: BoxFuture<'static, ()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(work);
    }
}
