//! Purging: what a service has cached is taken away, or made stale, in every POP at once.
//!
//! Platform.md section 8. A fetch that began before a purge and ends after it brings nothing back:
//! the shelf compares their order numbers, and a purge of everything begins a new generation, in
//! whose keys nothing old is found. A POP cannot fill from a shield that is still to be purged either: the shelves have
//! one order of purges, and each learns of the purge before it walks the first. A purge belongs to one service; what others have cached of the
//! same content is theirs to purge, origin side first. Who may purge is decided by `admin` and
//! `port`, and by nobody here.

pub(crate) mod port;
mod reply;
mod url;

use std::fmt;

use http::{HeaderMap, HeaderName, Method, uri::PathAndQuery};
use selvedge_cache::{
    purge::{Purge, PurgeMode},
    shelf::Shelf,
};
use selvedge_model::{key::SurrogateKey, name::PopName};

pub(crate) use self::reply::{done, done_without_id, say_counts};
use crate::{
    trace::PurgeEvent,
    world::{Cached, Service, World},
};

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

/// As logs name it.
impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { host, target } => write!(f, "url {host}{target}"),
            Self::Keys(keys) => {
                f.write_str("keys")?;
                keys.iter().try_for_each(|key| write!(f, " {}", key.as_str()))
            }
            Self::All => f.write_str("all"),
        }
    }
}

/// What a purge did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purged {
    /// Its name, unique in the life of a node: `108-1391560174-974124`.
    pub id: String,
    /// How many objects it met, for every POP; the one where requests enter comes first.
    pub counts: Vec<(PopName, u64)>,
}

impl Purged {
    /// How many objects it met in this POP; none where there is no such POP.
    #[must_use]
    pub fn at(&self, pop: &str) -> u64 {
        let there = self.counts.iter().filter(|(name, _)| name.as_str() == pop);
        there.map(|(_, count)| count).sum()
    }

    /// How many it met in all POPs together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// Purges, at once and everywhere: when this returns, no request that begins finds what was there.
#[must_use]
pub fn purge(world: &World, service: &Service, what: &What, mode: PurgeMode) -> Purged {
    match what {
        What::Url { host, target } => purge_url(world, service, (host, target), mode),
        What::Keys(keys) => purge_keys(world, &service.cached, keys, mode),
        What::All => purge_all(world, &service.cached),
    }
}

fn purge_url(
    world: &World,
    service: &Service,
    (host, target): (&str, &PathAndQuery),
    mode: PurgeMode,
) -> Purged {
    let keys = url::keys(world, service, host, target);
    let pairs = world.pops.iter().flat_map(|pop| keys.iter().map(move |key| (pop, key)));
    pairs.for_each(|(pop, key)| pop.flights.unmark_target(key));
    let (cached, now_ms) = (&service.cached, world.clock.now_ms());
    let targets: Vec<Purge<'_>> = keys.iter().map(Purge::Target).collect();
    let what = What::Url { host: host.to_owned(), target: target.clone() };
    carried_out(world, (cached, what, mode), &targets, now_ms)
}

/// Purges what carries at least one of these surrogate keys, of a service that may have no active version.
#[must_use]
pub fn purge_keys(
    world: &World,
    cached: &Cached,
    keys: &[SurrogateKey],
    mode: PurgeMode,
) -> Purged {
    let what = What::Keys(keys.to_vec());
    carried_out(world, (cached, what, mode), &[Purge::Keys(keys)], world.clock.now_ms())
}

/// Purges everything of a service that may have no active version.
#[must_use]
pub fn purge_all(world: &World, cached: &Cached) -> Purged {
    let ended = cached.begin_generation();
    let about = (cached, What::All, PurgeMode::Hard);
    purged(world, about, |shelf| shelf.live(cached.owner(), ended))
}

/// The shelves have one order of purges, so that what one of them is told all know.
fn carried_out(world: &World, about: About<'_>, all: &[Purge<'_>], now_ms: u64) -> Purged {
    let (cached, _, mode) = &about;
    let (owner, generation, mode) = (cached.owner(), cached.generation(), *mode);
    let announce = |what| {
        let first = world.pops.first()?;
        Some(first.shelf.announce(owner, generation, what, mode, now_ms))
    };
    let announced: Vec<_> = all.iter().filter_map(announce).collect();
    purged(world, about, |shelf| announced.iter().map(|it| shelf.carry_out(it)).sum())
}

/// Whose objects, which of them, and whether they are gone or stale.
type About<'a> = (&'a Cached, What, PurgeMode);

/// Does it in every POP, and tells.
fn purged(world: &World, (cached, what, mode): About<'_>, one: impl Fn(&Shelf) -> u64) -> Purged {
    let counts = count(world, one);
    let purged = Purged { id: world.ids.purge(world.clock.now_ms()), counts };
    let service = name(world, cached);
    world.tell.purged(&PurgeEvent { service, what, mode, purged: purged.clone() });
    purged
}

/// The service's name, or its id where it has no active version.
fn name(world: &World, cached: &Cached) -> String {
    let mut services = world.services.values();
    let active = services.find(|service| service.id.as_str() == cached.owner());
    active.map_or(cached.owner(), |service| service.name()).to_owned()
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
