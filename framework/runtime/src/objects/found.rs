//! An object that was found, on the shelf or on its way there.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use selvedge::{
    Body, Error, Refusal, Result,
    host::{FoundObject, ObjectFacts, ObjectRange},
};
use selvedge_cache::{
    entry::{Entry, StoredHead},
    object::{IfUnknown, slice},
};

use super::wanted::Wanted;
use crate::{fetch::Chunks, flight::Landing, kept::keeping};

/// An object that was found.
pub(super) struct Found {
    source: Source,
    at_ms: u64,
    if_unknown: IfUnknown,
    /// Whether somebody reads it through this.
    is_open: Arc<AtomicBool>,
}

enum Source {
    Stored(Entry),
    Coming(Arc<Landing>),
}

impl Found {
    pub(super) fn stored(entry: Entry, wanted: &Wanted) -> Self {
        Self::of(Source::Stored(entry), wanted.at_ms, wanted.if_unknown)
    }

    pub(super) fn coming(landing: Arc<Landing>, at_ms: u64, if_unknown: IfUnknown) -> Self {
        Self::of(Source::Coming(landing), at_ms, if_unknown)
    }

    fn of(source: Source, at_ms: u64, if_unknown: IfUnknown) -> Self {
        Self { source, at_ms, if_unknown, is_open: Arc::default() }
    }

    fn head(&self) -> &StoredHead {
        match &self.source {
            Source::Stored(entry) => &entry.head,
            Source::Coming(landing) => &landing.head,
        }
    }

    fn length(&self) -> Option<u64> {
        match &self.source {
            Source::Stored(entry) => Some(entry.body().len()),
            Source::Coming(landing) => landing.stream.declared(),
        }
    }

    fn read(&self, range: Option<std::ops::Range<u64>>) -> Result<Body> {
        match (&self.source, range) {
            (Source::Stored(entry), None) => Ok(Body::new(Chunks::stored(entry.body()))),
            (Source::Stored(entry), Some(range)) => {
                Ok(Body::new(Chunks::of(entry.body(), entry.body().slice(range).into())))
            }
            (Source::Coming(landing), range) => {
                let (from, to) = range.map_or((0, None), |range| (range.start, Some(range.end)));
                let reader = landing.stream.reader(from, to.filter(|to| *to != u64::MAX));
                reader.map(Body::new).ok_or_else(forgotten)
            }
        }
    }
}

impl FoundObject for Found {
    fn facts(&self) -> ObjectFacts {
        let (head, freshness) = (self.head(), self.head().freshness());
        ObjectFacts {
            max_age: Duration::from_millis(freshness.lifetime_ms),
            age: Duration::from_millis(head.age_ms(self.at_ms)),
            stale_while_revalidate: Duration::from_millis(freshness.stale.while_revalidate_ms),
            known_length: self.length(),
            user_metadata: head.user_metadata(),
            hits: head.hits(),
        }
    }

    fn body(&self, range: ObjectRange) -> Result<Body> {
        let range = slice(range.from, range.to, self.length(), self.if_unknown);
        let range = range.map_err(|_| misused("a range that ends before it begins"))?;
        let open = Open::of(&self.is_open)?;
        Ok(keeping(self.read(range)?, open))
    }
}

fn misused(detail: &str) -> Error {
    Error::new(Refusal::CacheMisused, detail)
}

fn forgotten() -> Error {
    Error::new(Refusal::BodyFailed, "its beginning was not kept, and others have read on")
}

/// The one stream that may be open; it is closed when this is dropped.
struct Open(Arc<AtomicBool>);

impl Open {
    fn of(is_open: &Arc<AtomicBool>) -> Result<Self> {
        match is_open.swap(true, Ordering::AcqRel) {
            true => Err(misused("another stream of the object is open")),
            false => Ok(Self(Arc::clone(is_open))),
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
