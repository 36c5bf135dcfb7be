//! What a look at the shelf found: a response that was made of it, or the stored one as it is.
//!
//! Most hits change nothing of what is stored but add to it. Until somebody wants to see their headers, or change them,
//! there is no header map: a connection can write the stored lines and the added ones as they are (`reply`).

use selvedge::Response;
use selvedge_cache::{
    answer::{Audience, BodyPlan, Unlike, write_answer},
    body::Unsent,
    entry::Entry,
};

use super::answer::{self, Told};
use crate::{
    hop::{Hop, Outcome},
    reply::AsStored,
};

/// What most heads do not exceed, in bytes.
const HEAD_ROOM: usize = 512;

/// A body of at most so many bytes is copied behind its head; a longer one is sent from where it lies.
const COPIED: u64 = 3 * 1024;

/// An answer to what a service has sent.
pub enum Found {
    /// A response with its header map.
    Made(Response),
    /// A stored response as it is.
    Stored(Stored),
    /// The same, as the next service has it.
    Passed(Passed),
}

/// A stored response, and what the cache has to tell of it.
pub struct Stored {
    entry: Entry,
    body: Sent,
    told: Told,
    /// How often it had been reused.
    hits: u64,
    /// When it is sent, by the clock.
    at_ms: u64,
}

/// What lies on the shelf of the next service of a chain, and that the cache here had no part in it.
pub struct Passed {
    pub(crate) from: AsStored,
    pub(crate) told: Told,
}

/// What is sent of the stored body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    Nothing,
    All,
}

impl Found {
    /// With its header map.
    #[must_use]
    pub fn into_response(self, hop: &Hop) -> Response {
        match self {
            Self::Made(response) => response,
            Self::Stored(stored) => stored.into_response(hop),
            Self::Passed(passed) => passed.into_response(hop),
        }
    }
}

impl Passed {
    /// With its header map.
    #[must_use]
    pub fn into_response(self, hop: &Hop) -> Response {
        let mut response = self.from.into_response();
        say(hop, &mut response, self.told);
        response
    }
}

/// Says in `Cache-Status` of a response from the next service what the cache here did.
pub(crate) fn say(hop: &Hop, response: &mut Response, told: Told) {
    answer::say(hop, None, response, told);
}

impl Stored {
    pub(super) fn of(entry: Entry, plan: &BodyPlan, told: Told, at_ms: u64) -> Self {
        let body = if *plan == BodyPlan::Empty { Sent::Nothing } else { Sent::All };
        let (told, hits) = (told.beside(entry.head.status), entry.head.hits());
        Self { entry, body, told, hits, at_ms }
    }

    /// What the cache of the hop that found it did, which nobody has noted there yet.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.told.outcome(self.hits)
    }

    /// When it was found, by the clock. Nothing waits after that, so it is when the hop is done.
    #[must_use]
    pub fn found_ms(&self) -> u64 {
        self.at_ms
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> http::StatusCode {
        self.entry.head.status
    }

    /// With its header map.
    #[must_use]
    pub fn into_response(self, hop: &Hop) -> Response {
        let body = match self.body {
            Sent::Nothing => BodyPlan::Empty,
            Sent::All => BodyPlan::Whole,
        };
        let response = answer::as_stored(&self.entry, body, self.at_ms);
        answer::tell(hop, None, (response, &self.entry), self.told, self.at_ms)
    }

    /// Writes the lines of its head, each behind the end of the line before.
    ///
    /// # Errors
    /// Where its header section is not that of the answer, so that it has to be made a response first; some of the lines
    /// may have been written then.
    pub fn write_head(
        &self,
        hop: &Hop,
        audience: Audience,
        out: &mut Vec<u8>,
    ) -> Result<(), Unlike> {
        out.reserve(HEAD_ROOM + self.copied());
        write_answer(&self.entry, audience, self.at_ms, out)?;
        self.told.write(hop, Some(self.entry.head.ttl_ms(self.at_ms)), out);
        Ok(())
    }

    /// Writes its body, or gives it back where it is long.
    #[must_use]
    pub fn write_body(&self, out: &mut Vec<u8>) -> Option<Unsent> {
        let body = &self.entry.body();
        match self.body {
            Sent::Nothing => None,
            Sent::All if body.len() > COPIED => Some(body.unsent()),
            Sent::All => {
                body.write(out);
                None
            }
        }
    }

    /// How many bytes of its body may be copied.
    fn copied(&self) -> usize {
        match self.entry.body().len() {
            long if long > COPIED => 0,
            short => short as usize,
        }
    }
}
