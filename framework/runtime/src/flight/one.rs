//! One fetch that others may wait for: what it is about, how far it is, and what came of it.

use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use selvedge_cache::{
    collapse::{Lane, selects_alike},
    entry::Entry,
    key::Key,
    shelf::{Began, Shelf},
    stale::StalePermission,
};

use super::{FlightId, Landing, Question};
use crate::sync::watch;

/// A fetch that others may wait for.
pub struct Flight {
    pub(super) id: FlightId,
    pub(super) key: Key,
    pub(super) lane: Lane,
    pub(super) headers: HeaderMap,
    /// Before the origin was asked.
    pub(super) began: Began,
    pub(super) phase: watch::Receiver<Phase>,
}

/// How far a flight is.
#[derive(Clone)]
pub enum Phase {
    /// The origin has been asked, or soon will be.
    Asking,
    /// Its answer is coming in, for everybody whom it fits.
    Coming(Arc<Landing>),
    /// It is over.
    Over(Ended),
}

/// What came of a flight.
#[derive(Clone)]
pub enum Ended {
    /// What was wanted lies on the shelf.
    Landed,
    /// The answer is only for who asked: each asks for itself, all at once.
    Unshared,
    /// The answer is only for who asked, and says nothing of the next one's: one of those who wait leads.
    LeftOff,
    /// The origin failed; this may answer instead.
    Failed(Option<Stale>),
}

/// What may answer now that the origin has failed.
#[derive(Clone)]
pub struct Stale {
    /// It lay on the shelf when the flight began.
    pub entry: Entry,
    /// On whose permission it answers.
    pub permission: StalePermission,
    /// When the flight began. It lasts until everybody has been told, so that a purge since then is known.
    pub began: Began,
}

impl Flight {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> FlightId {
        self.id
    }

    /// Waits until there is something to tell: a response that is coming in, or the end.
    pub async fn told(&self) -> Phase {
        let mut phase = self.phase.clone();
        match phase.wait_for(|phase| !matches!(phase, Phase::Asking)).await {
            Ok(phase) => phase.clone(),
            Err(_) => Phase::Over(Ended::LeftOff),
        }
    }

    /// Waits for its end.
    pub async fn over(&self) -> Phase {
        let mut phase = self.phase.clone();
        match phase.wait_for(|phase| matches!(phase, Phase::Over(_))).await {
            Ok(phase) => phase.clone(),
            Err(_) => Phase::Over(Ended::LeftOff),
        }
    }

    /// Whether a request may wait for it, where the fields `vary` are known to select. Before its head is known it may
    /// turn out not to fit after all.
    pub(super) fn fits(
        &self,
        question: &Question<'_>,
        lane: &Lane,
        vary: &[HeaderName],
        shelf: &Shelf,
    ) -> bool {
        if !self.lane.serves(lane) {
            return false;
        }
        match &*self.phase.borrow() {
            Phase::Asking => {
                let (began, asked) = (self.began.order(), question.asked);
                selects_alike(vary, &self.headers, question.headers)
                    && !shelf.target_overtaken(question.key, began, asked)
            }
            Phase::Coming(landing) => landing.fits(question, shelf),
            Phase::Over(_) => false,
        }
    }
}
