//! One fetch for many who want the same: who leads, who follows, and what becomes of those who follow.
//!
//! A *flight* is a fetch that others may wait for. It is under way from the moment somebody leads it until its
//! [`Ended`] is told; the obligation to end it is a value, [`Lead`], which tells [`Ended::LeftOff`] when it is dropped.
//! The table is in shards, each locked for moments. Everything that is told goes through one watch channel for each
//! flight, so nothing can be told twice or missed.
//!
//! Who follows never waits for a flight that waits for it in turn: see [`Waits`].

mod landing;
mod lead;
mod reader;
mod stream;
mod waits;
mod while_read;

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, PoisonError},
};

use http::{HeaderMap, HeaderName};
use selvedge_cache::{
    collapse::{Lane, Role, selects_alike},
    entry::{Entry, StoredHead},
    key::Key,
    mark::Marks,
    shelf::{Began, Order, Shelf},
    stale::StalePermission,
};

pub use self::{
    landing::{Landing, is_usable},
    lead::Lead,
    reader::{BrokenOff, Reader},
    stream::{Go, Stream},
    waits::{Waiting, Waits},
};
use crate::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, Ordering},
    watch,
};

/// Enough that cores seldom meet at one lock.
const SHARDS: usize = 32;

/// Names a flight in its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlightId(u64);

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
    pub entry: Arc<Entry>,
    /// On whose permission it answers.
    pub permission: StalePermission,
    /// When the flight began. It lasts until everybody has been told, so that a purge since then is known.
    pub began: Began,
}

impl Stale {
    /// Whether it may answer a request: the variant is right, and nothing was purged between the two.
    #[must_use]
    pub fn fits(&self, question: &Question<'_>, shelf: &Shelf) -> bool {
        fits(&self.entry.head, &self.began, question, shelf)
    }
}

/// A fetch that others may wait for.
pub struct Flight {
    id: FlightId,
    key: Key,
    lane: Lane,
    headers: HeaderMap,
    phase: watch::Receiver<Phase>,
}

/// A request that was not answered from the shelf.
pub struct Question<'a> {
    /// What it is about.
    pub key: &'a Key,
    /// Its part among those who want the same.
    pub role: &'a Role,
    /// Its header section.
    pub headers: &'a HeaderMap,
    /// The fields that are known to select among the variants of the key.
    pub vary: &'a [HeaderName],
    /// The flights that it descends from.
    pub ancestors: &'a [FlightId],
    /// When it came, among the purges.
    pub asked: Order,
    /// The same by the clock.
    pub at_ms: u64,
}

/// What a request does now.
pub enum Joined {
    /// It asks for everybody.
    Leads(Lead),
    /// It waits for this flight.
    Follows(Arc<Flight>, Waiting),
    /// It asks for itself.
    Alone,
    /// The one whom it would wait for waits for it.
    Ancestor,
}

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
        let mut fits = under_way.iter().filter(|flight| flight.fits(question, lane, shelf));
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

    /// Whether somebody fetches the whole for requests like this one.
    #[must_use]
    pub fn is_under_way(&self, key: &Key) -> bool {
        lock(self.shard(key)).contains_key(key)
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
        lock(&self.marks).set(key.clone(), authorized, until_ms);
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

    fn remove(&self, flight: &Flight) {
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

    /// Whether a request may wait for it. Before its head is known it may turn out not to fit after all.
    fn fits(&self, question: &Question<'_>, lane: &Lane, shelf: &Shelf) -> bool {
        if !self.lane.serves(lane) {
            return false;
        }
        match &*self.phase.borrow() {
            Phase::Asking => selects_alike(question.vary, &self.headers, question.headers),
            Phase::Coming(landing) => landing.fits(question, shelf),
            Phase::Over(_) => false,
        }
    }
}

impl Landing {
    /// Whether a response that is coming in may answer a request: the variant is right, it was fresh when the request
    /// came, and nothing was purged between the two.
    #[must_use]
    pub fn fits(&self, question: &Question<'_>, shelf: &Shelf) -> bool {
        is_usable(&self.head, question.at_ms) && fits(&self.head, &self.began, question, shelf)
    }
}

fn fits(head: &StoredHead, began: &Began, question: &Question<'_>, shelf: &Shelf) -> bool {
    let until = Some(question.asked);
    head.variant.matches(question.headers)
        && shelf.overtaken(question.key, head, began.order(), until).is_none()
}

/// No step under these locks can leave a table half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod sample;

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;

#[cfg(test)]
#[cfg(not(shuttle))]
mod property;
