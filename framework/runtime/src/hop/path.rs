//! Where a request has been before it came to a hop, and what that means for where it may go.

use std::borrow::Cow;

use selvedge::Result;

use super::Hop;
use crate::{
    esi::Nest,
    flight::FlightId,
    hops::{Hops, Way},
    trace::Flag,
};

/// So many POPs are the edge and a shield.
const POPS: usize = 2;

impl Hop {
    /// Where the request has been, this hop included. Nobody asks where it ends here.
    #[must_use]
    pub fn hops(&self) -> Hops {
        self.before.clone().visit(&self.service.settings.name, &self.pop.name, self.way)
    }

    /// Which of the request's hops it is, the first one being 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.before.count().saturating_add(1)
    }

    /// Whether it may go on.
    ///
    /// # Errors
    /// As [`Hops::check`].
    pub fn check(&self) -> Result<()> {
        if self.before.have_room() {
            return Ok(());
        }
        self.hops().check(&self.world().manifest, &self.world().data_ports)
    }

    /// Whether it is at the shield of its service: nothing goes on from there to another shield of it.
    #[must_use]
    pub fn is_at_shield(&self) -> bool {
        self.way == Way::Shielded
    }

    /// The pages that the request is a fragment of.
    #[must_use]
    pub fn nest(&self) -> &Nest {
        self.before.nest()
    }

    /// The hops, for what is sent now: on behalf of these flights, and of those that others wait for.
    #[must_use]
    pub fn descent(&self, under: Option<FlightId>) -> Hops {
        self.hops().under(self.held.all().into_iter().chain(under))
    }

    /// The flights that must not be waited for now.
    #[must_use]
    pub fn ancestors(&self) -> Cow<'_, [FlightId]> {
        let working = self.held.working();
        match working.is_empty() {
            true => Cow::Borrowed(self.before.flights()),
            false => Cow::Owned([self.before.flights(), &working].concat()),
        }
    }

    /// What is odd about the way here.
    #[must_use]
    pub fn flag(&self) -> Option<Flag> {
        (self.hops().pops() > POPS).then_some(Flag::ThreePops)
    }
}
