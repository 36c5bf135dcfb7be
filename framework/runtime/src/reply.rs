//! An answer on its way to whoever asked: a response, or a stored one as it is with what the hop adds.
//!
//! The header map of a hit is most of the work of it, and nobody looks at it where no rule is about answers. So it is made
//! where somebody wants it, and a connection that writes its hits itself makes none.

use std::sync::Arc;

use http::StatusCode;
use selvedge::Response;
use selvedge_cache::{
    answer::{Audience, Unlike, strip_surrogate},
    body::Unsent,
};
use smallvec::{SmallVec, smallvec};

use crate::{
    fetch::{self, Passed, Stored, Told},
    headers::{self, Served},
    hop::{Hop, Outcome},
};

/// An answer.
pub enum Reply {
    /// A response with its header map.
    Made(Response),
    /// A stored response as it is.
    Stored(AsStored),
}

/// A stored response, and what its hops add: the one that has it, and those that it has passed since.
pub struct AsStored {
    hop: Arc<Hop>,
    stored: Stored,
    passed: Vec<Leg>,
    audience: Audience,
}

/// A hop that a stored response has passed.
struct Leg {
    hop: Arc<Hop>,
    told: Told,
}

impl Reply {
    /// With its header map.
    #[must_use]
    pub fn into_response(self) -> Response {
        match self {
            Self::Made(response) => response,
            Self::Stored(stored) => stored.into_response(),
        }
    }

    /// Without what only surrogates may see.
    #[must_use]
    pub fn for_clients(mut self) -> Self {
        match &mut self {
            Self::Made(response) => strip_surrogate(response.headers_mut()),
            Self::Stored(stored) => stored.audience = Audience::Clients,
        }
        self
    }
}

impl AsStored {
    /// What this hop found.
    #[must_use]
    pub fn of(hop: Arc<Hop>, stored: Stored) -> Self {
        Self { hop, stored, passed: Vec::new(), audience: Audience::Surrogates }
    }

    /// What this hop has passed on.
    #[must_use]
    pub fn through(hop: Arc<Hop>, Passed { mut from, told }: Passed) -> Self {
        from.passed.push(Leg { hop, told });
        from
    }

    /// The hop that answers with it.
    #[must_use]
    pub fn hop(&self) -> &Hop {
        self.passed.last().map_or(&*self.hop, |leg| &*leg.hop)
    }

    /// What the cache of that hop did.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.passed.last().map_or_else(|| self.stored.outcome(), |leg| leg.told.outcome(0))
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.stored.status()
    }

    /// With its header map.
    #[must_use]
    pub fn into_response(self) -> Response {
        let Self { hop, stored, passed, audience } = self;
        let found_ms = stored.found_ms();
        let served = Served::of(&hop, stored.outcome(), found_ms);
        let mut response = stored.into_response(&hop);
        headers::add_served(response.headers_mut(), &served);
        for leg in &passed {
            leg.add(found_ms, &mut response);
        }
        if audience == Audience::Clients {
            strip_surrogate(response.headers_mut());
        }
        response
    }

    /// Writes it as HTTP/1.1 does: status line, header section, body. Where the body is long, it is what is left to write.
    ///
    /// # Errors
    /// Where that cannot be done as it is; then nothing is written.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<Option<Unsent>, Unlike> {
        let before = out.len();
        match self.write_head(out) {
            Ok(()) => Ok(self.stored.write_body(out)),
            Err(unlike) => {
                out.truncate(before);
                Err(unlike)
            }
        }
    }

    fn write_head(&self, out: &mut Vec<u8>) -> Result<(), Unlike> {
        headers::write_status(self.stored.status(), out);
        self.stored.write_head(&self.hop, self.audience, out)?;
        self.passed.iter().for_each(|leg| leg.told.write(&leg.hop, None, out));
        headers::write_served(&self.served(), out);
        out.extend_from_slice(b"\r\n\r\n");
        Ok(())
    }

    /// What each hop has to say of itself, the one that has it first.
    fn served(&self) -> SmallVec<[Served<'_>; 2]> {
        let found_ms = self.stored.found_ms();
        let mut served = smallvec![Served::of(&self.hop, self.stored.outcome(), found_ms)];
        served.extend(self.passed.iter().map(|leg| leg.served(found_ms)));
        served
    }
}

impl Leg {
    fn add(&self, found_ms: u64, response: &mut Response) {
        fetch::say(&self.hop, response, self.told);
        headers::add_served(response.headers_mut(), &self.served(found_ms));
    }

    /// It has no object of its own that could have been reused.
    fn served(&self, found_ms: u64) -> Served<'_> {
        Served::of(&self.hop, self.told.outcome(0), found_ms)
    }
}
