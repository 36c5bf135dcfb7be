//! What the edge told: hops and log lines, in order.

use std::sync::{Mutex, MutexGuard, PoisonError};

use selvedge_runtime::trace::{HopEvent, Tell};

use crate::produced;

/// Remembers everything.
#[derive(Default)]
pub(crate) struct Record {
    hops: Mutex<Vec<HopEvent>>,
    logs: Mutex<Vec<(String, String)>>,
}

impl Record {
    pub(crate) fn count(&self) -> usize {
        lock(&self.hops).len()
    }

    pub(crate) fn since(&self, before: usize) -> Vec<HopEvent> {
        lock(&self.hops).iter().skip(before).cloned().collect()
    }

    pub(crate) fn logs(&self) -> Vec<(String, String)> {
        lock(&self.logs).clone()
    }
}

impl Tell for Record {
    fn wants(&self, _refused: bool) -> bool {
        true
    }

    fn hop(&self, event: &HopEvent) {
        lock(&self.hops).push(event.clone());
    }

    fn log(&self, service: &str, line: &str) {
        produced::keep(line.as_bytes());
        lock(&self.logs).push((service.to_owned(), line.to_owned()));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
