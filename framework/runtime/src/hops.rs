//! The hop guard: where a request has been, and when it has been to too many places.
//!
//! Inside the process the list is trusted and rides in the request's context; from strangers only
//! the number of our tokens in `CDN-Loop` (RFC 8586) is taken, which can only make us stricter.
//! Limits: platform.md section 10.5.

mod cause;

use http::{HeaderMap, HeaderName, HeaderValue};
use selvedge::{Error, Refusal};
use selvedge_model::{
    limits::{CHAIN_SERVICES_MAX, HOPS_MAX},
    manifest::Manifest,
    name::{PopName, ServiceName},
};

use smallvec::SmallVec;

use crate::{esi::Nest, flight::FlightId};

/// The header in which content delivery networks say that a request has passed them.
pub const CDN_LOOP: HeaderName = HeaderName::from_static("cdn-loop");

/// Our name in it.
const CDN_ID: &str = "selvedge";

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
    nest: Nest,
}

impl Hops {
    /// The hops of a request that came from outside: as many as its `CDN-Loop` admits to.
    #[must_use]
    pub fn from_stranger(headers: &HeaderMap) -> Self {
        Self { before: passes(headers), ..Self::default() }
    }

    /// The list with this service's hop; whether it is one too many, [`Hops::check`] says.
    #[must_use]
    pub fn enter(mut self, service: &ServiceName, pop: &PopName) -> Self {
        self.visits.push(Visit { service: service.clone(), pop: pop.clone() });
        self
    }

    /// Whether the last hop may go on.
    ///
    /// # Errors
    /// [`Refusal::LoopDetected`] on the 21st hop or the 7th service, with the path walked and its probable cause.
    pub fn check(&self, manifest: &Manifest) -> Result<(), Error> {
        if self.count() <= HOPS_MAX && !self.has_too_many_services() {
            return Ok(());
        }
        let mut text = self.walked();
        if let Some(cause) = cause::cause(self, manifest) {
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

    /// Whether the service has sent the request to itself, from another POP to this one.
    #[must_use]
    pub fn is_from_another_pop(&self) -> bool {
        match self.visits.as_slice() {
            [.., before, now] => before.service == now.service && before.pop != now.pop,
            _ => false,
        }
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
        text
    }
}

/// Says in `CDN-Loop` that the request has passed us once more.
pub fn mark(headers: &mut HeaderMap) {
    headers.append(CDN_LOOP, HeaderValue::from_static(CDN_ID));
}

/// How often our token stands in `CDN-Loop`; parameters and other networks' tokens do not count.
fn passes(headers: &HeaderMap) -> usize {
    headers
        .get_all(CDN_LOOP)
        .iter()
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .filter(|item| is_ours(item))
        .count()
}

fn is_ours(item: &[u8]) -> bool {
    let name = item.split(|byte| *byte == b';').next().unwrap_or_default();
    name.trim_ascii().eq_ignore_ascii_case(CDN_ID.as_bytes())
}

#[cfg(test)]
mod tests;
