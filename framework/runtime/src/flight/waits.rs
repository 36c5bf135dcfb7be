//! Who waits for whom, so that nobody waits for itself.
//!
//! A request descends from the flights that it was sent for: a service asked to render a page leads a flight, and its
//! own requests descend from that. If one of these had to wait for a flight that, in turn, waits for the page, neither
//! would end. So each wait of a request that descends from flights is noted, and one that would close a circle is
//! refused. A request from outside descends from nothing, and its waits need no note. One that has left the node and come back may descend from
//! any of its flights, and waits for none.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};

use selvedge::Response;

use super::FlightId;
use crate::{
    kept::keeping,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};

/// The waits of one process, and the names of its flights.
#[derive(Default)]
pub struct Waits {
    edges: Mutex<Edges>,
    next: AtomicU64,
}

/// Flights, and those that they wait for; one may be waited for several times.
type Edges = HashMap<FlightId, Vec<FlightId>>;

/// A wait under way; it ends when this is dropped.
#[must_use]
pub struct Waiting {
    waits: Arc<Waits>,
    from: Vec<FlightId>,
    to: FlightId,
}

impl Waits {
    /// A name that no other flight has.
    pub(super) fn name(&self) -> FlightId {
        FlightId(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Notes that a request which descends from `ancestors` waits for the flight `to`; `None` if one of them waits for
    /// that request, be it in a roundabout way.
    pub fn begin(self: &Arc<Self>, ancestors: &[FlightId], to: FlightId) -> Option<Waiting> {
        if ancestors.contains(&FlightId::ANY) {
            return None;
        }
        if !ancestors.is_empty() {
            let mut edges = self.edges();
            if reaches(&edges, to, ancestors) {
                return None;
            }
            for from in ancestors {
                edges.entry(*from).or_default().push(to);
            }
        }
        Some(Waiting { waits: Arc::clone(self), from: ancestors.to_vec(), to })
    }

    /// No step under the lock can leave the map half changed.
    fn edges(&self) -> MutexGuard<'_, Edges> {
        self.edges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Whether anybody can come to wait for who waits here.
    pub(super) fn is_noted(&self) -> bool {
        !self.from.is_empty()
    }
}

impl Waiting {
    /// Waits until the response's body is dropped, where anybody could come to wait for who reads it: a body may come in
    /// for long after its head.
    #[must_use]
    pub fn while_read(self, response: Response) -> Response {
        match self.is_noted() {
            true => response.map(|body| keeping(body, self)),
            false => response,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.is_noted() {
            return;
        }
        let mut edges = self.waits.edges();
        for from in &self.from {
            let Some(waited) = edges.get_mut(from) else { continue };
            if let Some(place) = waited.iter().position(|to| *to == self.to) {
                waited.swap_remove(place);
            }
            if waited.is_empty() {
                edges.remove(from);
            }
        }
    }
}

/// Whether `from` is one of `goals` or waits for one. Chains are short, so the list of what was seen is, too.
fn reaches(edges: &Edges, from: FlightId, goals: &[FlightId]) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(flight) = seen.get(next).copied() {
        if goals.contains(&flight) {
            return true;
        }
        for to in edges.get(&flight).into_iter().flatten() {
            if !seen.contains(to) {
                seen.push(*to);
            }
        }
        next += 1;
    }
    false
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    fn ids(numbers: &[u64]) -> Vec<FlightId> {
        numbers.iter().copied().map(FlightId).collect()
    }

    #[test]
    fn nobody_waits_for_itself() {
        let waits = Arc::new(Waits::default());
        assert!(waits.begin(&ids(&[1, 2]), FlightId(2)).is_none());
        let one = waits.begin(&ids(&[1]), FlightId(2));
        assert!(one.is_some());
        let two = waits.begin(&ids(&[2]), FlightId(3));
        assert!(two.is_some());
        assert!(waits.begin(&ids(&[3]), FlightId(1)).is_none(), "3 -> 1 -> 2 -> 3");
        assert!(waits.begin(&[], FlightId(1)).is_some(), "from outside");
        assert!(waits.begin(&[FlightId::ANY], FlightId(9)).is_none(), "it has been here");
        drop(two);
        assert!(waits.begin(&ids(&[3]), FlightId(1)).is_some());
    }

    #[test]
    fn nothing_is_left_of_a_wait() {
        let waits = Arc::new(Waits::default());
        let both = [waits.begin(&ids(&[1]), FlightId(2)), waits.begin(&ids(&[1]), FlightId(2))];
        assert_eq!(waits.edges().len(), 1);
        drop(both);
        assert!(waits.edges().is_empty());
    }
}
