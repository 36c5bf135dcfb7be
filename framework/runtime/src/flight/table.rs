//! The flights that are under way in one POP, by key.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, PoisonError},
};

use http::HeaderName;
use selvedge_cache::{collapse::Role, key::Key, mark::Marks, shelf::Shelf};

use super::{Flight, Joined, Landing, Lead, Phase, Question, Waits};
use crate::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, Ordering},
    watch,
};

/// Enough that cores seldom meet at one lock.
const SHARDS: usize = 32;

/// The flights of one POP, and the marks that they left.
pub struct Flights {
    shards: Vec<Mutex<HashMap<Key, Vec<Arc<Flight>>>>>,
    picker: RandomState,
    waits: Arc<Waits>,
    marks: Mutex<Marks>,
    has_marks: AtomicBool,
}

impl Flights {
    /// None under way; `waits` knows of the flights of all POPs.
    #[must_use]
    pub fn new(waits: Arc<Waits>) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self {
            shards,
            picker: RandomState::new(),
            waits,
            marks: Mutex::default(),
            has_marks: AtomicBool::new(false),
        }
    }

    /// Lets a request lead, follow or go alone.
    pub fn join(self: &Arc<Self>, question: &Question<'_>, shelf: &Shelf) -> Joined {
        let (lane, leads) = match question.role {
            Role::Leads(lane) => (lane, true),
            Role::Follows(lane) => (lane, false),
            Role::Alone => return Joined::Alone,
        };
        let mut flights = lock(self.shard(question.key));
        let under_way = flights.get(question.key).map(Vec::as_slice).unwrap_or_default();
        let vary = selecting(under_way, question);
        let mut fits = under_way.iter().filter(|flight| flight.fits(question, lane, &vary, shelf));
        if let Some(flight) = fits.next() {
            return match self.waits.begin(question.ancestors, flight.id) {
                Some(waiting) => Joined::Follows(Arc::clone(flight), waiting),
                None => Joined::Ancestor,
            };
        }
        if !leads {
            return Joined::Alone;
        }
        let (told, phase) = watch::channel(Phase::Asking);
        let flight = Arc::new(Flight {
            id: self.waits.name(),
            key: question.key.clone(),
            lane: lane.clone(),
            headers: question.headers.clone(),
            began: shelf.begin(),
            phase,
        });
        flights.entry(question.key.clone()).or_default().push(Arc::clone(&flight));
        drop(flights);
        Joined::Leads(Lead::new(Arc::clone(self), flight, told))
    }

    /// What is coming in already and fits, without waiting for anything.
    #[must_use]
    pub fn coming(&self, question: &Question<'_>, shelf: &Shelf) -> Option<Arc<Landing>> {
        let flights = lock(self.shard(question.key));
        let under_way = flights.get(question.key).map(Vec::as_slice).unwrap_or_default();
        under_way.iter().find_map(|flight| match &*flight.phase.borrow() {
            Phase::Coming(landing) if landing.fits(question, shelf) => Some(Arc::clone(landing)),
            _ => None,
        })
    }

    /// How many flights are under way.
    #[must_use]
    pub fn count(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).values().map(Vec::len).sum::<usize>()).sum()
    }

    /// Whether requests for a key go side by side, because an answer not long ago could not be shared.
    #[must_use]
    pub fn is_marked(&self, key: &Key, authorized: bool, now_ms: u64) -> bool {
        self.has_marks.load(Ordering::Relaxed) && lock(&self.marks).is_set(key, authorized, now_ms)
    }

    /// Lets requests for a key go side by side until then.
    pub fn mark(&self, key: &Key, authorized: bool, until_ms: u64) {
        lock(&self.marks).set(key, authorized, until_ms);
        self.has_marks.store(true, Ordering::Relaxed);
    }

    /// Ends that: an answer can be shared after all.
    pub fn unmark(&self, key: &Key) {
        if self.has_marks.load(Ordering::Relaxed) {
            lock(&self.marks).end(key);
        }
    }

    /// Ends that for all keys of a target, as a purge does.
    pub fn unmark_target(&self, key: &Key) {
        if self.has_marks.load(Ordering::Relaxed) {
            lock(&self.marks).end_target(key);
        }
    }

    pub(super) fn remove(&self, flight: &Flight) {
        let mut flights = lock(self.shard(&flight.key));
        let Some(under_way) = flights.get_mut(&flight.key) else { return };
        under_way.retain(|other| other.id != flight.id);
        if under_way.is_empty() {
            flights.remove(&flight.key);
        }
    }

    /// There is at least one shard, so the index is always inside.
    fn shard(&self, key: &Key) -> &Mutex<HashMap<Key, Vec<Arc<Flight>>>> {
        let hash = self.picker.hash_one(key);
        &self.shards[(hash % SHARDS as u64) as usize]
    }
}

/// The fields that are known to select among the variants of a key: from what is stored, and from what is coming in.
fn selecting(under_way: &[Arc<Flight>], question: &Question<'_>) -> Vec<HeaderName> {
    let mut names = question.vary.to_vec();
    for flight in under_way {
        if let Phase::Coming(landing) = &*flight.phase.borrow() {
            names.extend(landing.head.variant.names().cloned());
        }
    }
    names
}

/// No step under these locks can leave a table half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
