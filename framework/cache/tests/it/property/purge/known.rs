//! The naive model: what is fetched and what is stored, and what a purge makes of either.

use std::collections::BTreeSet;

use proptest::prelude::*;
use selvedge_cache::{Entry, Key, KeyRules, Order, Overtaken, PurgeMode};
use selvedge_model::key::SurrogateKey;

use crate::support::{entry, headers};

pub(super) const NAMES: [&str; 4] = ["a", "b", "c", "d"];
pub(super) const LIFETIME_MS: u64 = 60_000;

/// Service, generation, path, cookie.
pub(super) type Place = (u8, u64, u8, u8);

/// What is fetched: where, which variant, and the surrogate keys of its lines and of its handler.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) service: u8,
    pub(super) path: u8,
    pub(super) cookie: u8,
    pub(super) variant: u8,
    pub(super) lines: BTreeSet<usize>,
    pub(super) given: BTreeSet<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Event {
    Begin(Thing),
    /// One of the fetches under way ends, or breaks off.
    Finish(usize),
    BreakOff(usize),
    PurgeTarget(u8, u8, u8, PurgeMode),
    PurgeKeys(u8, BTreeSet<usize>, PurgeMode),
    PurgeAll(u8),
    /// A write to a target.
    Write(u8, u8),
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    let names = || prop::collection::btree_set(0..NAMES.len(), 0..3);
    let mode = || prop_oneof![Just(PurgeMode::Hard), Just(PurgeMode::Soft)];
    let thing = (0u8..2, 0u8..3, 0u8..3, 0u8..2, names(), names());
    let thing = thing.prop_map(|(service, path, cookie, variant, lines, given)| Thing {
        service,
        path,
        cookie,
        variant,
        lines,
        given,
    });
    prop_oneof![
        8 => thing.prop_map(Event::Begin),
        8 => (0usize..100).prop_map(Event::Finish),
        1 => (0usize..100).prop_map(Event::BreakOff),
        2 => (0u8..2, 0u8..3, 0u8..3, mode()).prop_map(|(s, p, c, m)| Event::PurgeTarget(s, p, c, m)),
        3 => (0u8..2, names(), mode()).prop_map(|(s, n, m)| Event::PurgeKeys(s, n, m)),
        1 => (0u8..2).prop_map(Event::PurgeAll),
        1 => (0u8..2, 0u8..3).prop_map(|(s, p)| Event::Write(s, p)),
    ]
}

pub(super) fn service(number: u8) -> &'static str {
    if number == 0 { "shop" } else { "shop2" }
}

pub(super) fn keyed((number, generation, path, cookie): Place) -> Key {
    let rules = KeyRules { add_cookies: vec!["c".to_owned()], ..KeyRules::default() };
    let (host, path) = ("shop.localhost", format!("/{path}"));
    let key = match cookie {
        0 => Key::new(service(number), host, &path),
        _ => {
            let request = headers(&[&format!("Cookie: c={cookie}")]);
            Key::with_rules(service(number), host, &path, &rules, &request)
        }
    };
    key.in_generation(generation)
}

pub(super) fn surrogate_keys(names: &BTreeSet<usize>) -> Vec<SurrogateKey> {
    names.iter().map(|at| SurrogateKey::new(NAMES[*at]).expect("a key")).collect()
}

impl Thing {
    pub(super) fn entry(&self, now_ms: u64) -> Entry {
        let lines: Vec<&str> = self.lines.iter().map(|at| NAMES[*at]).collect();
        let lines = format!("Surrogate-Key: {}", lines.join(" "));
        let mut entry =
            entry(&[&format!("V: {}", self.variant)], &["Vary: V", &lines], now_ms, b"x");
        entry.head.set_surrogate_keys(surrogate_keys(&self.given));
        entry
    }

    pub(super) fn has_one_of(&self, names: &BTreeSet<usize>) -> bool {
        names.iter().any(|name| self.lines.contains(name) || self.given.contains(name))
    }

    pub(super) fn pairs(&self) -> usize {
        let names: BTreeSet<_> = self.lines.union(&self.given).collect();
        names.len() + usize::from(self.cookie > 0)
    }
}

/// A fetch or an object, as the model has it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) thing: Thing,
    pub(super) place: Place,
    pub(super) fate: Option<Overtaken>,
    pub(super) at_ms: u64,
    pub(super) began: Order,
}

impl Known {
    /// What a purge makes of it.
    pub(super) fn purge(&mut self, mode: PurgeMode, now_ms: u64) {
        self.fate = match (mode, self.fate) {
            (PurgeMode::Hard, _) | (_, Some(Overtaken::Removed)) => Some(Overtaken::Removed),
            (PurgeMode::Soft, None) => Some(Overtaken::Outdated { at_ms: now_ms }),
            (PurgeMode::Soft, outdated) => outdated,
        };
    }

    pub(super) fn ttl_ms(&self, now_ms: u64) -> i64 {
        let ends_ms = match self.fate {
            // What was outdated while it was fetched never was fresh.
            Some(Overtaken::Outdated { at_ms }) => at_ms.max(self.at_ms),
            _ => self.at_ms + LIFETIME_MS,
        };
        ends_ms.min(self.at_ms + LIFETIME_MS) as i64 - now_ms as i64
    }
}
