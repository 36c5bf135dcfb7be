//! What the edge told: hops, purges and log lines, in order.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use selvedge::Error;
use selvedge_runtime::trace::{HopEvent, PurgeEvent, Tell, log_line};

use crate::{produced, strict::Strict};

/// One thing that the edge told; as text, the line that the operator of a node reads.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Told {
    /// A service has its response.
    Hop(HopEvent),
    /// A purge is done.
    Purge(PurgeEvent),
    /// A handler wrote to its service's log.
    Log {
        /// Which service's.
        service: String,
        /// What it wrote.
        line: String,
    },
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hop(event) => event.fmt(f),
            Self::Purge(event) => event.fmt(f),
            Self::Log { service, line } => f.write_str(&log_line(service, line)),
        }
    }
}

tokio::task_local! {
    /// The request that this task waits for: the one whose hop was told last.
    static ASKED: Arc<Mutex<Option<String>>>;
}

/// Runs what answers one request, and says which one it was, if a service had a part in it.
pub(crate) async fn identified<T>(answer: impl Future<Output = T>) -> (T, Option<String>) {
    let asked = Arc::default();
    let answer = ASKED.scope(Arc::clone(&asked), answer).await;
    let id = lock(&asked).take();
    (answer, id)
}

/// Remembers everything.
pub(crate) struct Record {
    told: Mutex<Vec<Told>>,
    strict: Arc<Strict>,
}

impl Record {
    pub(crate) fn new(strict: &Arc<Strict>) -> Self {
        Self { told: Mutex::default(), strict: Arc::clone(strict) }
    }

    pub(crate) fn count(&self) -> usize {
        lock(&self.told).len()
    }

    pub(crate) fn all(&self) -> Vec<Told> {
        lock(&self.told).clone()
    }

    /// The hops of one request, of what was told after so much.
    pub(crate) fn hops(&self, id: &str, before: usize) -> Vec<HopEvent> {
        let told = lock(&self.told);
        let hops = told.iter().skip(before).filter_map(|told| match told {
            Told::Hop(hop) if hop.request_id == id => Some(hop.clone()),
            _ => None,
        });
        hops.collect()
    }

    fn push(&self, told: Told) {
        produced::keep_debug(&told);
        lock(&self.told).push(told);
    }
}

impl Tell for Record {
    fn wants(&self, _refused: bool) -> bool {
        true
    }

    fn hop(&self, event: &HopEvent) {
        // The edge's own hop is told after those behind it.
        let _ = ASKED.try_with(|asked| *lock(asked) = Some(event.request_id.clone()));
        self.push(Told::Hop(event.clone()));
    }

    fn purged(&self, event: &PurgeEvent) {
        self.push(Told::Purge(event.clone()));
    }

    fn log(&self, service: &str, line: &str) {
        self.push(Told::Log { service: service.to_owned(), line: line.to_owned() });
    }

    fn panicked_after(&self, service: &str, line: &str) {
        self.log(service, line);
        self.strict.found(format!("service `{service}`: {line}"));
    }

    fn undeclared(&self, service: &str, refused: &Error) {
        self.strict.found(format!("service `{service}`: {refused}"));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
