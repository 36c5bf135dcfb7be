//! What fails a test by itself: a request that no origin expects, a binding that its handler did not declare,
//! a panic of work that was left for after a response.
//!
//! Whatever code makes of it, the next answer that the test waits for is its failure, and so is the end of the edge.

use std::{
    panic::Location,
    sync::{Mutex, PoisonError},
};

/// What was found and nobody has been told of.
pub(crate) struct Strict {
    minds: Minds,
    found: Mutex<Vec<String>>,
}

/// Whether a test minds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Minds {
    /// It fails.
    Yes,
    /// It looks itself.
    No,
}

impl Strict {
    pub(crate) fn new(minds: Minds) -> Self {
        Self { minds, found: Mutex::default() }
    }

    /// Notes it; the same thing once.
    pub(crate) fn found(&self, what: String) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if self.minds == Minds::Yes && !found.contains(&what) {
            found.push(what);
        }
    }

    /// Fails the test where something was found.
    #[expect(clippy::panic, reason = "a test of which this is found has failed")]
    pub(crate) fn check(&self, at: Option<&Location<'_>>) {
        let found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        if !found.is_empty() && !std::thread::panicking() {
            let found = found.join("\n");
            match at {
                Some(at) => panic!("{found}\n  asked at {at}"),
                None => panic!("{found}"),
            }
        }
    }
}
