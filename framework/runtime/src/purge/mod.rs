//! Purging: what a service has cached is taken away, or made stale, in every POP at once.
//!
//! Platform.md section 8. A fetch that began before a purge and ends after it brings nothing back:
//! the shelf compares their order numbers, and a purge of everything begins a new generation, in
//! whose keys nothing old is found. A purge belongs to one service; what others have cached of the
//! same content is theirs to purge, origin side first. Who may purge is decided by `admin` and
//! `port`, and by nobody here.

pub(crate) mod port;
mod reply;
mod url;

use http::{HeaderMap, HeaderName, Method, uri::PathAndQuery};
use selvedge_cache::{
    purge::{Purge, PurgeMode},
    shelf::Shelf,
};
use selvedge_model::{key::SurrogateKey, name::PopName};

pub(crate) use self::reply::{done, done_without_id, say_counts};
use crate::world::{Service, World};

/// Present with any value, it asks for a soft purge.
const SOFT: HeaderName = HeaderName::from_static("fastly-soft-purge");

/// What is to be purged of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A URL: all variants, and every key that rules make of it. The ports on which this node takes
    /// requests, 80 and 443 are one with no port.
    Url {
        /// Its host, with a port or without.
        host: String,
        /// Its path and query, as clients send them.
        target: PathAndQuery,
    },
    /// What carries at least one of these surrogate keys.
    Keys(Vec<SurrogateKey>),
    /// Everything; always hard.
    All,
}

/// What a purge did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purged {
    /// Its name, unique in the life of a node: `108-1391560174-974124`.
    pub id: String,
    /// How many objects it met, for every POP; the one where requests enter comes first.
    pub counts: Vec<(PopName, u64)>,
}

/// Purges, at once and everywhere: when this returns, no request that begins finds what was there.
#[must_use]
pub fn purge(world: &World, service: &Service, what: &What, mode: PurgeMode) -> Purged {
    let now_ms = world.clock.now_ms();
    let (name, generation) = (service.name(), service.generation());
    let one = |shelf: &Shelf, purge| shelf.purge(name, generation, &purge, mode, now_ms);
    let counts = match what {
        What::Url { host, target } => {
            let keys = url::keys(world, service, host, target);
            count(world, |shelf| keys.iter().map(|key| one(shelf, Purge::Target(key))).sum())
        }
        What::Keys(keys) => count(world, |shelf| one(shelf, Purge::Keys(keys))),
        What::All => {
            let ended = service.begin_generation();
            count(world, |shelf| shelf.live(name, ended))
        }
    };
    Purged { id: world.ids.purge(now_ms), counts }
}

fn count(world: &World, purged: impl Fn(&Shelf) -> u64) -> Vec<(PopName, u64)> {
    world.pops.iter().map(|pop| (pop.name.clone(), purged(&pop.shelf))).collect()
}

/// What a request asks for with `Fastly-Soft-Purge`. Its value does not count: `0` is soft too.
#[must_use]
pub fn mode(headers: &HeaderMap) -> PurgeMode {
    match headers.contains_key(SOFT) {
        true => PurgeMode::Soft,
        false => PurgeMode::Hard,
    }
}

/// Whether a method is `PURGE`.
#[must_use]
pub fn is_purge(method: &Method) -> bool {
    method.as_str() == "PURGE"
}
