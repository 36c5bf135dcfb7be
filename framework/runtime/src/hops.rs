//! The hop guard: where a request has been, and when it has been to too many places.
//!
//! Inside the process the list is trusted and rides in the request's context; of strangers only
//! what stands in `CDN-Loop` is taken (`passes`), which can only make us stricter.
//! Limits: platform.md section 10.5.

mod cause;
mod passes;

use http::HeaderMap;
use selvedge::{Error, Refusal};
use selvedge_model::{
    limits::{CHAIN_SERVICES_MAX, HOPS_MAX},
    manifest::Manifest,
    name::{PopName, ServiceName},
    number::counted,
};

use smallvec::SmallVec;

pub(crate) use self::passes::member;
pub use self::passes::{CDN_LOOP, mark};
use self::passes::{Passes, passes};
use crate::{
    esi::{Abroad, Nest},
    flight::FlightId,
    ids::NodeId,
};

/// One hop: a node started to process a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The service.
    pub service: ServiceName,
    /// The POP that the node belongs to.
    pub pop: PopName,
    /// How the request came there.
    pub way: Way,
}

/// How a request comes to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From outside of it: a client, or another service.
    Entered,
    /// From the same service in another POP, for which this one is the shield.
    Shielded,
}

/// The hops of one request so far, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Hops {
    before: usize,
    /// Most requests are in one service only.
    visits: SmallVec<[Visit; 1]>,
    flights: Vec<FlightId>,
    nest: Nest,
}

impl Hops {
    /// The hops of a request that came from outside: as many as its `CDN-Loop` admits to. One that has passed this node
    /// may be on behalf of any of its flights, and so must wait for none; one that left as a fragment of a page still is one.
    #[must_use]
    pub fn from_stranger(headers: &HeaderMap, node: &NodeId, abroad: &Abroad) -> Self {
        let Passes { count, of_this_node, page } = passes(headers, node);
        let flights = if of_this_node > 0 { vec![FlightId::ANY] } else { Vec::new() };
        let nest = page.map(|number| abroad.find(number)).unwrap_or_default();
        Self { before: count, flights, nest, ..Self::default() }
    }

    /// The list with a hop of this service; whether it is one too many, [`Hops::check`] says.
    #[must_use]
    pub fn visit(mut self, service: &ServiceName, pop: &PopName, way: Way) -> Self {
        self.visits.push(Visit { service: service.clone(), pop: pop.clone(), way });
        self
    }

    /// How often the service of the last hop has begun to process the request before.
    #[must_use]
    pub fn visits_before(&self) -> usize {
        let Some((last, before)) = self.visits.split_last() else { return 0 };
        before.iter().filter(|visit| visit.service == last.service).count()
    }

    /// In how many different POPs the request has been.
    #[must_use]
    pub fn pops(&self) -> usize {
        let is_first = |(at, visit): &(usize, &Visit)| {
            !self.visits.iter().take(*at).any(|before| before.pop == visit.pop)
        };
        self.visits.iter().enumerate().filter(is_first).count()
    }

    /// Whether there are so few that one more is none too many.
    #[must_use]
    pub fn have_room(&self) -> bool {
        self.count() < HOPS_MAX && self.visits.len() < CHAIN_SERVICES_MAX
    }

    /// Whether the last hop may go on, at a node that takes requests on these ports.
    ///
    /// # Errors
    /// [`Refusal::LoopDetected`] on the 21st hop or the 7th service, with the path walked and its probable cause.
    pub fn check(&self, manifest: &Manifest, data_ports: &[u16]) -> Result<(), Error> {
        if self.count() <= HOPS_MAX && !self.has_too_many_services() {
            return Ok(());
        }
        let mut text = self.walked();
        if let Some(cause) = cause::cause(self, manifest, data_ports) {
            text.push_str(&format!("; {cause}"));
        }
        Err(Error::new(Refusal::LoopDetected, text))
    }

    /// The same hops, for what is sent on behalf of flights.
    #[must_use]
    pub fn under(mut self, flights: impl IntoIterator<Item = FlightId>) -> Self {
        self.flights.extend(flights);
        self
    }

    /// The flights that the request descends from: it must not wait for them.
    #[must_use]
    pub fn flights(&self) -> &[FlightId] {
        &self.flights
    }

    /// The same hops, for a fragment of these pages.
    #[must_use]
    pub fn nested(self, nest: Nest) -> Self {
        Self { nest, ..self }
    }

    /// The pages that the request is a fragment of.
    #[must_use]
    pub fn nest(&self) -> &Nest {
        &self.nest
    }

    /// Whether the request had left this node and come back to it.
    #[must_use]
    pub fn have_returned(&self) -> bool {
        self.flights.contains(&FlightId::ANY)
    }

    /// How many hops there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.before.saturating_add(self.visits.len())
    }

    /// So few hops cannot be in so many services.
    fn has_too_many_services(&self) -> bool {
        self.visits.len() > CHAIN_SERVICES_MAX && self.services() > CHAIN_SERVICES_MAX
    }

    fn services(&self) -> usize {
        let mut names: Vec<&ServiceName> = self.visits.iter().map(|visit| &visit.service).collect();
        names.sort();
        names.dedup();
        names.len()
    }

    fn walked(&self) -> String {
        let mut text = format!("hop {} of at most {HOPS_MAX}", self.count());
        text.push_str(&format!(
            ", service {} of at most {CHAIN_SERVICES_MAX}; the path was ",
            self.services()
        ));
        let names: Vec<&str> = self.visits.iter().map(|visit| visit.service.as_str()).collect();
        text.push_str(&names.join(" -> "));
        if self.before > 0 {
            let here = if self.have_returned() { ", this node among them" } else { "" };
            text.push_str(&format!(
                ", after {} in other requests{here}",
                counted(self.before, "hop")
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests;
