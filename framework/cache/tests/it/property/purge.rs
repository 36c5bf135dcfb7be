//! Purges against a naive model: what was purged is never found again, also where its fetch began before, and nothing
//! else is touched. The index and the counts are those of the model.

mod known;

use std::collections::{BTreeMap, BTreeSet};

use http::HeaderMap;
use proptest::prelude::*;
use selvedge_cache::{Began, Overtaken, Purge, PurgeMode, PutOutcome, Shelf, Variant};
use selvedge_model::key::SurrogateKey;

use self::known::{Event, Known, NAMES, Place, Thing, event, keyed, service, surrogate_keys};
use crate::support::{entry, headers};

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
        let began = self.shelf.begin();
        let known =
            Known { thing: thing.clone(), place, fate: None, at_ms: 0, began: began.order() };
        self.under_way.push((known, began));
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
        let stored = self.stored.get(&(known.place, known.thing.variant));
        match known.fate {
            Some(Overtaken::Removed) => assert_eq!(outcome, PutOutcome::Purged),
            _ if stored.is_some_and(|stored| stored.began > known.began) => {
                assert_eq!(outcome, PutOutcome::Superseded);
            }
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
