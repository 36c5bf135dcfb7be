//! The obligation to make an object: it ends exactly once, with a body on its way, a new life for an old one, or left to
//! the next of those who wait.

use std::{future::ready, sync::Arc};

use selvedge::{
    Error, Refusal, Result,
    host::{BoxFuture, Inserted, ObjectOptions, Obligation},
};
use selvedge_cache::{
    entry::Entry,
    shelf::{Began, PutOutcome},
};

use super::{found::Found, said::said, wanted::Wanted, write::Writer};
use crate::{
    flight::{Ended, FlightId, Landing, Lead, Stream},
    hop::Hop,
};

/// The obligation to make an object.
pub(super) struct Duty {
    wanted: Wanted,
    /// Since when purges count.
    began: Began,
    /// What was found and can be updated.
    existing: Option<Entry>,
    /// Those who wait, where anybody may.
    led: Option<Led>,
}

/// A flight that the handler leads; known to its hop for as long as others may wait.
struct Led {
    lead: Lead,
    holding: Holding,
}

struct Holding {
    hop: Arc<Hop>,
    flight: FlightId,
}

impl Duty {
    /// For all who want the same.
    pub(super) fn led(wanted: &Wanted, lead: Lead, existing: Option<Entry>) -> Self {
        let holding = Holding { hop: Arc::clone(&wanted.hop), flight: lead.id() };
        holding.hop.held.add(holding.flight);
        Self { existing, led: Some(Led { lead, holding }), ..Self::alone(wanted) }
    }

    /// For nobody else.
    pub(super) fn alone(wanted: &Wanted) -> Self {
        let began = wanted.hop.pop.shelf.begin();
        Self { wanted: wanted.clone(), began, existing: None, led: None }
    }

    /// Lets the body come in.
    pub(super) fn begin(mut self, options: ObjectOptions) -> Result<Inserted> {
        self.check(&options)?;
        let Self { wanted, began, led, .. } = self;
        let (shelf, declared) = (&wanted.hop.pop.shelf, options.known_length);
        let now_ms = wanted.hop.world().clock.now_ms();
        let head = said(options).insert(&wanted.headers, now_ms);
        let stream = Stream::of_whole(shelf.max_object(), declared, shelf.room());
        let landing = Arc::new(Landing { head, range: None, stream, began: began.clone() });
        let lead = led.map(|led| led.coming(&landing));
        let found = Found::coming(Arc::clone(&landing), now_ms, wanted.if_unknown);
        let writer = Writer::new(wanted.hop, wanted.key, began, landing, lead);
        Ok(Inserted { writer: Box::new(writer), found: Arc::new(found) })
    }

    /// What is too large by its own account is so for everybody: those who wait are not to be told one after another.
    fn check(&mut self, options: &ObjectOptions) -> Result<()> {
        let limit = self.wanted.hop.pop.shelf.max_object();
        let metadata = options.user_metadata.len() as u64;
        let least = options.known_length.unwrap_or(0).max(metadata);
        if least <= limit {
            return Ok(());
        }
        self.led.take().into_iter().for_each(|led| led.lead.end(Ended::Unshared));
        Err(too_large(least, limit))
    }

    fn renew(self, options: ObjectOptions) -> Result<()> {
        let Some(old) = self.existing else {
            return Err(Error::new(
                Refusal::CacheMisused,
                "nothing was found that could be updated",
            ));
        };
        let hop = &self.wanted.hop;
        let now_ms = hop.world().clock.now_ms();
        let head = said(options).update(&old.head, &self.wanted.headers, now_ms);
        let entry = Entry::new(head, old.body().clone());
        // What there is no room for is not stored; the next look-up asks for it again.
        let _: PutOutcome = hop.pop.shelf.put(self.wanted.key, entry, &self.began);
        self.led.into_iter().for_each(|led| led.lead.end(Ended::Landed));
        Ok(())
    }

    fn flight(&self) -> Option<FlightId> {
        self.led.as_ref().map(|led| led.holding.flight)
    }
}

impl Led {
    /// From now on nobody waits who has not been told.
    fn coming(self, landing: &Arc<Landing>) -> Lead {
        self.lead.coming(Arc::clone(landing));
        self.lead
    }
}

impl Obligation for Duty {
    fn insert(self: Box<Self>, options: ObjectOptions) -> BoxFuture<'static, Result<Inserted>> {
        Box::pin(ready(self.begin(options)))
    }

    fn update(self: Box<Self>, options: ObjectOptions) -> BoxFuture<'static, Result<()>> {
        Box::pin(ready(self.renew(options)))
    }

    fn enter(&self) {
        self.flight().into_iter().for_each(|flight| self.wanted.hop.held.enter(flight));
    }

    fn leave(&self) {
        self.flight().into_iter().for_each(|flight| self.wanted.hop.held.leave(flight));
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.hop.held.remove(self.flight);
    }
}

pub(super) fn too_large(length: u64, limit: u64) -> Error {
    let detail = format!("an object of {length} bytes; the largest that is stored has {limit}");
    Error::new(Refusal::ObjectTooLarge, detail)
}
