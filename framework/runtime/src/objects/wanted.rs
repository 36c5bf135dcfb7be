//! What a look-up wants, and what there is of it.

use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use selvedge::host::ObjectQuery;
use selvedge_cache::{
    collapse::{Lane, Role},
    entry::Entry,
    key::Key,
    object::{IfUnknown, Life, life},
    shelf::Order,
};

use super::found::Found;
use crate::{
    fetch::selecting,
    flight::{FlightId, Joined, Landing, Question},
    hop::Hop,
};

/// What a look-up wants.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) hop: Arc<Hop>,
    pub(super) key: Key,
    pub(super) headers: HeaderMap,
    /// When it began, by the clock: ages are judged at this time, however long it waits.
    pub(super) at_ms: u64,
    /// When it began, among the purges.
    order: Order,
    pub(super) if_unknown: IfUnknown,
}

/// What there is.
pub(super) struct Here {
    /// The best of what fits.
    pub(super) entry: Option<(Entry, Life)>,
    /// What selects among the variants.
    vary: Vec<HeaderName>,
}

impl Wanted {
    pub(super) fn of(hop: &Arc<Hop>, query: ObjectQuery) -> Self {
        let cached = &hop.service.cached;
        let key = Key::of_object(cached.owner(), query.space, &query.key);
        Self {
            hop: Arc::clone(hop),
            key: key.in_generation(cached.generation()),
            headers: query.headers,
            at_ms: hop.world().clock.now_ms(),
            order: hop.pop.shelf.order(),
            if_unknown: match query.always_use_requested_range {
                true => IfUnknown::Range,
                false => IfUnknown::Whole,
            },
        }
    }

    /// What lies on the shelf: a fresh one, else a stale one, else any.
    pub(super) fn here(&self) -> Here {
        let stock = self.hop.pop.shelf.stock(&self.key, &self.headers);
        let known: &[_] = if stock.matching.is_empty() { &stock.all } else { &stock.matching };
        let vary = selecting(known);
        let judged = stock.matching.into_iter().map(|entry| {
            let life = life(&entry.head, self.at_ms);
            (entry, life)
        });
        Here { entry: judged.min_by_key(|(_, life)| effort(*life)), vary }
    }

    /// Leads, follows, or goes alone.
    pub(super) fn join(&self, here: &Here) -> Joined {
        let ancestors = self.hop.ancestors();
        let role = Role::Leads(Lane { authorized: false, range: None });
        let question = self.question(&role, &here.vary, &ancestors);
        self.hop.pop.flights.join(&question, &self.hop.pop.shelf)
    }

    /// What is being written and can be used.
    pub(super) fn coming(&self) -> Option<Arc<Landing>> {
        let question = self.question(&Role::Alone, &[], &[]);
        self.hop.pop.flights.coming(&question, &self.hop.pop.shelf)
    }

    /// Whether what is being written is for this look-up, and can be used.
    pub(super) fn fits(&self, landing: &Landing) -> bool {
        landing.fits(&self.question(&Role::Alone, &[], &[]), &self.hop.pop.shelf)
    }

    /// Counts the look-up.
    pub(super) fn found(&self, entry: Entry) -> Arc<Found> {
        entry.head.count_hit();
        Arc::new(Found::stored(entry, self))
    }

    /// The same for what is being written.
    pub(super) fn found_coming(&self, landing: Arc<Landing>) -> Arc<Found> {
        landing.head.count_hit();
        Arc::new(Found::coming(landing, self.at_ms, self.if_unknown))
    }

    fn question<'a>(
        &'a self,
        role: &'a Role,
        vary: &'a [HeaderName],
        ancestors: &'a [FlightId],
    ) -> Question<'a> {
        let (key, headers, asked) = (&self.key, &self.headers, self.order);
        Question { key, role, headers, vary, ancestors, asked, at_ms: self.at_ms }
    }
}

impl Here {
    /// What can be used, and whether that is to be made anew.
    pub(super) fn usable(&self) -> Option<(Entry, Life)> {
        self.entry.clone().filter(|(_, life)| *life != Life::Expired)
    }
}

fn effort(life: Life) -> u8 {
    match life {
        Life::Fresh => 0,
        Life::Stale => 1,
        Life::Expired => 2,
    }
}
