//! The obligation of who leads: it ends exactly once.

use std::sync::Arc;

use super::{Ended, Flight, FlightId, Flights, Landing, Phase};
use crate::sync::watch;

/// Whoever has this asks the origin for everybody, and tells them what came of it. Dropping it tells that nothing did.
#[must_use]
pub struct Lead {
    flights: Arc<Flights>,
    flight: Arc<Flight>,
    told: watch::Sender<Phase>,
}

impl Lead {
    pub(super) fn new(
        flights: Arc<Flights>,
        flight: Arc<Flight>,
        told: watch::Sender<Phase>,
    ) -> Self {
        Self { flights, flight, told }
    }

    /// The flight that is led.
    #[must_use]
    pub fn id(&self) -> FlightId {
        self.flight.id
    }

    /// Tells that a response is coming in.
    pub fn coming(&self, landing: Arc<Landing>) {
        self.told.send_replace(Phase::Coming(landing));
    }

    /// Tells what came of it.
    pub fn end(self, ended: Ended) {
        self.over(ended);
    }

    /// First it leaves the table, so that who looks again does not find it, then it is told. What was told is final.
    fn over(&self, ended: Ended) {
        self.flights.remove(&self.flight);
        self.told.send_if_modified(|phase| {
            let is_open = !matches!(phase, Phase::Over(_));
            if is_open {
                *phase = Phase::Over(ended);
            }
            is_open
        });
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.over(Ended::LeftOff);
    }
}
