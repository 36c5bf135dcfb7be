//! The obligation of who leads: it ends exactly once.

use std::sync::Arc;

use super::{Ended, Flight, FlightId, Flights, Landing, Phase};
use crate::sync::watch;

/// Whoever has this asks the origin for everybody, and tells them what came of it. Dropping it tells that nothing did.
#[must_use]
pub struct Lead {
    flights: Arc<Flights>,
    flight: Arc<Flight>,
    /// Where it is told, until it is over.
    told: Option<watch::Sender<Phase>>,
}

impl Lead {
    pub(super) fn new(
        flights: Arc<Flights>,
        flight: Arc<Flight>,
        told: watch::Sender<Phase>,
    ) -> Self {
        Self { flights, flight, told: Some(told) }
    }

    /// The flight that is led.
    #[must_use]
    pub fn id(&self) -> FlightId {
        self.flight.id
    }

    /// Tells that a response is coming in.
    pub fn coming(&self, landing: Arc<Landing>) {
        if let Some(told) = &self.told {
            told.send_replace(Phase::Coming(landing));
        }
    }

    /// Tells what came of it.
    pub fn end(mut self, ended: Ended) {
        self.over(ended);
    }

    /// First it leaves the table, so that who looks again does not find it, then it is told; the first time counts. What
    /// has landed stays an answer to those who wait, be it too old by now for those who look, or not on the shelf at all.
    fn over(&mut self, ended: Ended) {
        let Some(told) = self.told.take() else { return };
        self.flights.remove(&self.flight);
        told.send_if_modified(|phase| {
            let stays = matches!((&*phase, &ended), (Phase::Coming(_), Ended::Landed));
            if !stays {
                *phase = Phase::Over(ended);
            }
            !stays
        });
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.over(Ended::LeftOff);
    }
}
