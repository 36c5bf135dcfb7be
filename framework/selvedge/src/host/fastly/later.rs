//! Work that a handler leaves for after its response: done when the body has been sent, one after the other, before the
//! program ends.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{log, turns};
use crate::{after, host::BoxFuture};

type Work = BoxFuture<'static, ()>;

/// What is left.
#[derive(Default)]
pub(super) struct Later(Mutex<VecDeque<Work>>);

impl Later {
    /// Does all of it, what it leaves in its turn included. What waits for nothing that can come is given up.
    pub(super) fn run(&self) {
        while let Some(work) = self.next() {
            if turns::block_on(work).is_err() {
                log::line("work after the response waits for what cannot come, and is given up");
            }
        }
    }

    fn next(&self) -> Option<Work> {
        self.queue().pop_front()
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Work>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl after::Later for Later {
    fn leave(&self, work: Work) {
        self.queue().push_back(work);
    }
}
