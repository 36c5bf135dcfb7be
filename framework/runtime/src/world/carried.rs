//! What goes on from one world to the next: what services have cached, accepted and counted, and the numbers of backends.
//!
//! It is kept by the id of the service, which no other service ever has, whatever it is called meanwhile and whether it is
//! active: a service that comes back finds neither what was purged nor a one-time token that it has accepted.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use selvedge::chain::Nonces;
use selvedge_model::id::ServiceId;

use super::rules::Tally;
use crate::chain::Refusals;

/// What outlasts the worlds that a service is in; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Lasting {
    /// How often everything was purged.
    pub(super) generation: Arc<AtomicU64>,
    /// Whether a response was chosen by what the edge says of clients.
    pub(super) varied_by_client: Arc<AtomicBool>,
    /// The one-time tokens that were accepted.
    pub(super) nonces: Arc<Mutex<Nonces>>,
    /// How often its chain guard has refused somebody.
    pub(super) refusals: Arc<Refusals>,
    /// How often its rules have matched.
    pub(super) tally: Arc<Tally>,
}

/// Kept for as long as a node runs.
#[derive(Debug, Default)]
pub(super) struct Carried {
    services: Mutex<BTreeMap<ServiceId, Lasting>>,
    backends: AtomicUsize,
}

impl Carried {
    /// What outlasts the worlds of a service.
    pub(super) fn lasting(&self, id: &ServiceId) -> Lasting {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        services.entry(id.clone()).or_default().clone()
    }

    /// A number that no other backend has had.
    pub(super) fn backend(&self) -> usize {
        self.backends.fetch_add(1, Ordering::Relaxed)
    }
}

/// What a service has cached, whether it is active or not.
#[derive(Clone, Debug)]
pub struct Cached {
    pub(super) id: ServiceId,
    pub(super) generation: Arc<AtomicU64>,
}

impl Cached {
    /// What its keys begin with: the service's id, since names change hands.
    #[must_use]
    pub fn owner(&self) -> &str {
        self.id.as_str()
    }

    /// The generation of what is cached now; part of every key, in every POP.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Begins a new generation, in which nothing of the old ones is found, and names the one that
    /// has ended. What ended is not walked; it leaves the shelf as it is not used any more.
    pub fn begin_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::AcqRel)
    }
}
