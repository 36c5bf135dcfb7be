//! Reads that wait for a thread, and threads that wait for a read.
//!
//! To wake a thread that sleeps costs more than to read a small item, all the more where its processor sleeps, too. So a
//! thread that has nothing left to do looks for more a little while before it sleeps, and whoever brings a read while it
//! looks wakes nobody. One looks at a time, and it gives its processor away to whoever wants it.

use std::{
    collections::VecDeque,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// How often a thread looks before it sleeps: for some thirty microseconds, which is about what waking it would cost.
const LOOKS: usize = 100;

/// What waits, and for whom.
pub(super) struct Waiting<J> {
    state: Mutex<State<J>>,
    /// How many jobs there are, for who looks without the lock.
    count: AtomicUsize,
    wake: Condvar,
}

struct State<J> {
    jobs: VecDeque<J>,
    looking: usize,
    sleeping: usize,
    ended: bool,
}

impl<J> Default for Waiting<J> {
    fn default() -> Self {
        let state = State { jobs: VecDeque::new(), looking: 0, sleeping: 0, ended: false };
        Self { state: Mutex::new(state), count: AtomicUsize::new(0), wake: Condvar::new() }
    }
}

impl<J> Waiting<J> {
    /// Brings a job; gives it back where no thread will come any more.
    pub(super) fn push(&self, job: J) -> Result<(), J> {
        let mut state = self.lock();
        if state.ended {
            return Err(job);
        }
        state.jobs.push_back(job);
        self.count.store(state.jobs.len(), Ordering::Relaxed);
        // Who looks takes one before it sleeps.
        let wakes = state.sleeping > 0 && state.jobs.len() > state.looking;
        drop(state);
        if wakes {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// The next job, for a thread that waits for it; `None` when there will be none.
    pub(super) fn next(&self) -> Option<J> {
        let mut state = self.looked(self.lock());
        loop {
            if let Some(job) = state.jobs.pop_front() {
                self.count.store(state.jobs.len(), Ordering::Relaxed);
                return Some(job);
            }
            if state.ended {
                return None;
            }
            state.sleeping += 1;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleeping -= 1;
        }
    }

    /// Takes no more jobs; those that wait are done.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.wake.notify_all();
    }

    /// After a look, unless there is something already, or somebody else looks.
    fn looked<'s>(&'s self, mut state: MutexGuard<'s, State<J>>) -> MutexGuard<'s, State<J>> {
        if state.looking > 0 || state.ended || !state.jobs.is_empty() {
            return state;
        }
        state.looking += 1;
        drop(state);
        for _ in 0..LOOKS {
            if self.count.load(Ordering::Relaxed) > 0 {
                break;
            }
            thread::yield_now();
        }
        let mut state = self.lock();
        state.looking -= 1;
        state
    }

    /// Nobody panics while they hold it.
    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
