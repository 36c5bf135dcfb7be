//! Purges against a naive model: what was purged is never found again, also where its fetch began before, and nothing
//! else is touched. The index and the counts are those of the model.

use std::collections::{BTreeMap, BTreeSet};

use http::HeaderMap;
use proptest::prelude::*;
use selvedge_cache::{
    Began, Entry, Key, KeyRules, Overtaken, Purge, PurgeMode, PutOutcome, Shelf, Variant,
};
use selvedge_model::key::SurrogateKey;

use crate::support::{entry, headers};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const LIFETIME_MS: u64 = 60_000;

/// Service, generation, path, cookie.
type Place = (u8, u64, u8, u8);

/// What is fetched: where, which variant, and the surrogate keys of its lines and of its handler.
#[derive(Debug, Clone)]
struct Thing {
    service: u8,
    path: u8,
    cookie: u8,
    variant: u8,
    lines: BTreeSet<usize>,
    given: BTreeSet<usize>,
}

#[derive(Debug, Clone)]
enum Event {
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

fn event() -> impl Strategy<Value = Event> {
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

fn service(number: u8) -> &'static str {
    if number == 0 { "shop" } else { "shop2" }
}

fn keyed((number, generation, path, cookie): Place) -> Key {
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

fn surrogate_keys(names: &BTreeSet<usize>) -> Vec<SurrogateKey> {
    names.iter().map(|at| SurrogateKey::new(NAMES[*at]).expect("a key")).collect()
}

impl Thing {
    fn entry(&self, now_ms: u64) -> Entry {
        let lines: Vec<&str> = self.lines.iter().map(|at| NAMES[*at]).collect();
        let lines = format!("Surrogate-Key: {}", lines.join(" "));
        let mut entry =
            entry(&[&format!("V: {}", self.variant)], &["Vary: V", &lines], now_ms, b"x");
        entry.head.set_surrogate_keys(surrogate_keys(&self.given));
        entry
    }

    fn has_one_of(&self, names: &BTreeSet<usize>) -> bool {
        names.iter().any(|name| self.lines.contains(name) || self.given.contains(name))
    }

    fn pairs(&self) -> usize {
        let names: BTreeSet<_> = self.lines.union(&self.given).collect();
        names.len() + usize::from(self.cookie > 0)
    }
}

/// A fetch or an object, as the model has it.
#[derive(Debug, Clone)]
struct Known {
    thing: Thing,
    place: Place,
    fate: Option<Overtaken>,
    at_ms: u64,
}

impl Known {
    /// Whether a purge changed it from being there.
    fn purge(&mut self, mode: PurgeMode, now_ms: u64) {
        self.fate = match (mode, self.fate) {
            (PurgeMode::Hard, _) | (_, Some(Overtaken::Removed)) => Some(Overtaken::Removed),
            (PurgeMode::Soft, None) => Some(Overtaken::Outdated { at_ms: now_ms }),
            (PurgeMode::Soft, outdated) => outdated,
        };
    }

    fn ttl_ms(&self, now_ms: u64) -> i64 {
        let ends_ms = match self.fate {
            // What was outdated while it was fetched never was fresh.
            Some(Overtaken::Outdated { at_ms }) => at_ms.max(self.at_ms),
            _ => self.at_ms + LIFETIME_MS,
        };
        ends_ms.min(self.at_ms + LIFETIME_MS) as i64 - now_ms as i64
    }
}

struct World {
    shelf: Shelf,
    now_ms: u64,
    generations: [u64; 2],
    under_way: Vec<(Known, Began)>,
    stored: BTreeMap<(Place, u8), Known>,
}

impl World {
    fn play(&mut self, event: &Event) {
        self.now_ms += 7_000;
        match event {
            Event::Begin(thing) => self.begin(thing),
            Event::Finish(at) => self.finish(*at),
            Event::BreakOff(at) => self.break_off(*at),
            Event::PurgeTarget(service, path, cookie, mode) => {
                self.purge_target(*service, *path, *cookie, *mode);
            }
            Event::PurgeKeys(number, names, mode) => self.purge_keys(*number, names, *mode),
            Event::PurgeAll(number) => self.purge_all(*number),
            Event::Write(number, path) => {
                let place = (*number, self.generations[usize::from(*number)], *path, 0);
                let gone = self.shelf.remove_target(&keyed(place));
                assert_eq!(gone, self.purge(PurgeMode::Hard, |at, _| same_target(at, place)));
            }
        }
    }

    fn begin(&mut self, thing: &Thing) {
        let generation = self.generations[usize::from(thing.service)];
        let place = (thing.service, generation, thing.path, thing.cookie);
        let known = Known { thing: thing.clone(), place, fate: None, at_ms: 0 };
        self.under_way.push((known, self.shelf.begin()));
    }

    fn finish(&mut self, at: usize) {
        if self.under_way.is_empty() {
            return;
        }
        let (mut known, began) = self.under_way.swap_remove(at % self.under_way.len());
        let (entry, key) = (known.thing.entry(self.now_ms), keyed(known.place));
        assert_eq!(self.shelf.overtaken(&key, &entry.head, began.order(), None), known.fate);
        let late = self.shelf.overtaken(&key, &entry.head, began.order(), Some(began.order()));
        assert_eq!(late, None);
        let outcome = self.shelf.put(key, entry, &began);
        known.at_ms = self.now_ms;
        match known.fate {
            Some(Overtaken::Removed) => assert_eq!(outcome, PutOutcome::Purged),
            _ => {
                assert_eq!(outcome, PutOutcome::Stored);
                self.stored.insert((known.place, known.thing.variant), known);
            }
        }
    }

    fn break_off(&mut self, at: usize) {
        if !self.under_way.is_empty() {
            drop(self.under_way.swap_remove(at % self.under_way.len()));
        }
    }

    fn purge_target(&mut self, number: u8, path: u8, cookie: u8, mode: PurgeMode) {
        let place = (number, self.generations[usize::from(number)], path, cookie);
        let key = keyed((number, 0, path, cookie));
        let target = Purge::Target(&key);
        let count = self.shelf.purge(service(number), place.1, &target, mode, self.now_ms);
        assert_eq!(count, self.purge(mode, |at, _| same_target(at, place)));
        assert_eq!(self.shelf.purge(service(1 - number), place.1, &target, mode, self.now_ms), 0);
    }

    fn purge_keys(&mut self, number: u8, names: &BTreeSet<usize>, mode: PurgeMode) {
        let (keys, generation) = (surrogate_keys(names), self.generations[usize::from(number)]);
        let what = Purge::Keys(&keys);
        let count = self.shelf.purge(service(number), generation, &what, mode, self.now_ms);
        let is_meant = |at: Place, thing: &Thing| {
            (at.0, at.1) == (number, generation) && thing.has_one_of(names)
        };
        assert_eq!(count, self.purge(mode, is_meant));
    }

    fn purge_all(&mut self, number: u8) {
        let generation = &mut self.generations[usize::from(number)];
        let count = self.shelf.live(service(number), *generation);
        let ours = |at: &Place| (at.0, at.1) == (number, *generation);
        assert_eq!(count, self.stored.keys().filter(|(at, _)| ours(at)).count() as u64);
        *generation += 1;
    }

    /// What the purge does in the model, and how many objects that were.
    fn purge(&mut self, mode: PurgeMode, is_meant: impl Fn(Place, &Thing) -> bool) -> u64 {
        let now_ms = self.now_ms;
        let under_way = self.under_way.iter_mut().map(|(known, _)| known);
        for known in under_way.filter(|known| is_meant(known.place, &known.thing)) {
            known.purge(mode, now_ms);
        }
        let stored = self.stored.values_mut();
        let mut count = 0;
        for known in stored.filter(|known| is_meant(known.place, &known.thing)) {
            known.purge(mode, now_ms);
            count += 1;
        }
        self.stored.retain(|_, known| known.fate != Some(Overtaken::Removed));
        count
    }

    /// The shelf has what the model has, no more and no less.
    fn check(&self) {
        for (number, generation) in [(0, self.generations[0]), (1, self.generations[1])] {
            for (path, cookie) in (0..3).flat_map(|path| (0..3).map(move |cookie| (path, cookie))) {
                self.check_place((number, generation, path, cookie));
            }
        }
        assert_eq!(self.shelf.len(), self.stored.len());
        let pairs: usize = self.stored.values().map(|known| known.thing.pairs()).sum();
        assert_eq!(self.shelf.indexed(), pairs);
    }

    fn check_place(&self, place: Place) {
        for variant in 0..2 {
            let request: HeaderMap = headers(&[&format!("V: {variant}")]);
            let found = self.shelf.find(&keyed(place), &request);
            let ttls: Vec<i64> = found.iter().map(|it| it.head.ttl_ms(self.now_ms)).collect();
            let known = self.stored.get(&(place, variant));
            let expected: Vec<i64> = known.iter().map(|it| it.ttl_ms(self.now_ms)).collect();
            assert_eq!(ttls, expected, "{place:?} {variant}");
            let is_right = |variant: &Variant| variant.matches(&request);
            assert!(found.iter().all(|entry| is_right(&entry.head.variant)));
        }
    }
}

fn same_target(one: Place, other: Place) -> bool {
    (one.0, one.1, one.2) == (other.0, other.1, other.2)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_was_purged_is_never_found(events in prop::collection::vec(event(), 0..80)) {
        let mut world = World {
            shelf: Shelf::new(50_000_000),
            now_ms: 1_000_000,
            generations: [0, 0],
            under_way: Vec::new(),
            stored: BTreeMap::new(),
        };
        for event in events {
            world.play(&event);
            world.check();
        }
    }

    #[test]
    fn the_index_goes_with_its_objects(
        things in prop::collection::vec((0u8..12, 0u8..3, 0usize..3, 0usize..2_000), 0..80),
    ) {
        let shelf = Shelf::new(16_000);
        for (path, variant, name, size) in things {
            let (request, tag) = (format!("V: {variant}"), format!("Surrogate-Key: all {}", NAMES[name]));
            let key = keyed((0, 0, path, 0));
            let new = entry(&[&request], &["Vary: V", &tag], 0, &vec![0; size]);
            let _: PutOutcome = shelf.put(key, new, &shelf.begin());
            let there: usize = (0..12).map(|path| shelf.variants(&keyed((0, 0, path, 0))).len()).sum();
            prop_assert_eq!((shelf.indexed(), shelf.live("shop", 0)), (there * 2, there as u64));
        }
        let all = [SurrogateKey::new("all").expect("a key")];
        let there = shelf.len() as u64;
        prop_assert_eq!(shelf.purge("shop", 0, &Purge::Keys(&all), PurgeMode::Hard, 0), there);
        prop_assert_eq!((shelf.indexed(), shelf.used_bytes()), (0, 0));
    }
}
