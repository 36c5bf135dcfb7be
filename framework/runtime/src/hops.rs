//! The hop guard: where a request has been, and when it has been to too many places.
//!
//! Inside the process the list is trusted and rides in the request's context; of strangers only
//! what stands in `CDN-Loop` is taken ([`passes`]), which can only make us stricter.
//! Limits: platform.md section 10.5.

mod cause;
mod passes;

use http::HeaderMap;
use selvedge::{Error, Refusal};
use selvedge_model::{
    limits::{CHAIN_SERVICES_MAX, HOPS_MAX},
    manifest::Manifest,
    name::{PopName, ServiceName},
};

use smallvec::SmallVec;

pub use self::passes::{CDN_LOOP, mark};
use self::passes::{Passes, passes};
use crate::{flight::FlightId, ids::NodeId};

/// One hop: a node started to process a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The service.
    pub service: ServiceName,
    /// The POP that the node belongs to.
    pub pop: PopName,
}

/// The hops of one request so far, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Hops {
    before: usize,
    /// Most requests are in one service only.
    visits: SmallVec<[Visit; 1]>,
    flights: Vec<FlightId>,
}

impl Hops {
    /// The hops of a request that came from outside: as many as its `CDN-Loop` admits to. One that has passed this node
    /// may be on behalf of any of its flights, and so must wait for none.
    #[must_use]
    pub fn from_stranger(headers: &HeaderMap, node: &NodeId) -> Self {
        let Passes { count, of_this_node } = passes(headers, node);
        let flights = if of_this_node > 0 { vec![FlightId::ANY] } else { Vec::new() };
        Self { before: count, flights, ..Self::default() }
    }

    /// The list with this service's hop; whether it is one too many, [`Hops::check`] says.
    #[must_use]
    pub fn enter(mut self, service: &ServiceName, pop: &PopName) -> Self {
        self.visits.push(Visit { service: service.clone(), pop: pop.clone() });
        self
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
    pub fn under(&self, flights: impl IntoIterator<Item = FlightId>) -> Self {
        let mut next = self.clone();
        next.flights.extend(flights);
        next
    }

    /// The flights that the request descends from: it must not wait for them.
    #[must_use]
    pub fn flights(&self) -> &[FlightId] {
        &self.flights
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
            text.push_str(&format!(", after {} hops in other requests{here}", self.before));
        }
        text
    }
}

#[cfg(test)]
mod tests;
