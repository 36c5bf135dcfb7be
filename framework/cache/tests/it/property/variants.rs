//! Many variants of one key against a naive model, which goes through all of them: several lists of names, parts beside
//! wholes, validations that change `Vary`, purges, and fetches that those overtake.

use std::cmp::Reverse;

use http::HeaderMap;
use proptest::prelude::*;
use selvedge_cache::{
    Began, ContentRange, Entry, Order, Overtaken, Purge, PurgeMode, PutOutcome, Shelf, partial,
};
use selvedge_model::key::SurrogateKey;

use crate::support::{entry, headers, key};

const VARY: [&str; 6] =
    ["X: none", "Vary: A", "Vary: B", "Vary: B, A", "Vary: Accept-Encoding", "Vary: A, C"];

/// Two of each mean the same.
const ENCODINGS: [&str; 4] = ["br, gzip", "gzip,BR", "gzip;q=0.5", "GZIP; q=0.500"];

/// What a request says.
#[derive(Debug, Clone, Copy)]
struct Request {
    a: u8,
    b: u8,
    encoding: usize,
}

#[derive(Debug, Clone)]
enum Act {
    Put(Request, usize),
    PutPart(Request, usize, u64, u64),
    /// What is first found of it becomes a variant of these names.
    Renew(Request, usize),
    Outdate(Request),
    /// What is put down until the next of these was begun now.
    Begin,
    PurgeTarget(PurgeMode),
    PurgeKey(u8, PurgeMode),
    LookUp(Request),
}

fn request() -> impl Strategy<Value = Request> {
    (0u8..8, 0u8..6, 0..ENCODINGS.len()).prop_map(|(a, b, encoding)| Request { a, b, encoding })
}

fn mode() -> impl Strategy<Value = PurgeMode> {
    prop_oneof![Just(PurgeMode::Hard), Just(PurgeMode::Soft)]
}

fn act() -> impl Strategy<Value = Act> {
    let list = || 0..VARY.len();
    prop_oneof![
        30 => (request(), list()).prop_map(|(request, list)| Act::Put(request, list)),
        6 => (request(), list(), 0u64..8, 1u64..4)
            .prop_map(|(request, list, start, len)| Act::PutPart(request, list, start, len)),
        6 => (request(), list()).prop_map(|(request, list)| Act::Renew(request, list)),
        2 => request().prop_map(Act::Outdate),
        3 => Just(Act::Begin),
        1 => mode().prop_map(Act::PurgeTarget),
        2 => (0u8..8, mode()).prop_map(|(tag, mode)| Act::PurgeKey(tag, mode)),
        20 => request().prop_map(Act::LookUp),
    ]
}

impl Request {
    /// A value of 0 stands for a field that is not there.
    fn lines(self) -> Vec<String> {
        let field = |name, value| (value > 0).then(|| format!("{name}: {value}"));
        let encoding = format!("Accept-Encoding: {}", ENCODINGS[self.encoding]);
        [field("A", self.a), field("B", self.b), Some(encoding)].into_iter().flatten().collect()
    }

    fn headers(self) -> HeaderMap {
        let lines = self.lines();
        headers(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn entry(self, list: usize, at_ms: u64, bytes: &[u8]) -> Entry {
        let (lines, tags) = (self.lines(), format!("Surrogate-Key: a{} all", self.a));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        entry(&lines, &[VARY[list], &tags, "ETag: \"v\""], at_ms, bytes)
    }
}

#[derive(Clone)]
struct Known {
    entry: Entry,
    began: Order,
    /// Entries with the same number share a body.
    body: u64,
}

/// In order of arrival.
struct World {
    shelf: Shelf,
    began: Began,
    known: Vec<Known>,
    step: u64,
}

impl World {
    fn new() -> Self {
        let shelf = Shelf::new(1 << 30);
        let began = shelf.begin();
        Self { shelf, began, known: Vec::new(), step: 0 }
    }

    fn play(&mut self, act: &Act) {
        self.step += 1;
        // Some have the same date.
        let at_ms = self.step % 3 * 1_000;
        match *act {
            Act::Put(request, list) => self.put(request.entry(list, at_ms, b"whole"), self.step),
            Act::PutPart(request, list, start, len) => {
                let whole = request.entry(list, at_ms, &vec![7; len as usize]);
                let range = ContentRange { bytes: start..start + len, complete_length: Some(20) };
                let part = partial::part(whole.head.copy(), whole.body().clone(), &range);
                self.put(part.expect("as long as it says"), self.step);
            }
            Act::Renew(request, list) => {
                if let Some(old) = self.selected(request, true).first().cloned() {
                    let head = request.entry(list, at_ms, b"").head.copy();
                    self.put(Entry::new(head, old.entry.body().clone()), old.body);
                }
            }
            Act::Outdate(request) => self.outdate(request),
            Act::Begin => self.began = self.shelf.begin(),
            Act::PurgeTarget(mode) => self.purge(&Purge::Target(&key("/a")), mode, |_| true),
            Act::PurgeKey(tag, mode) => {
                let tag = format!("a{tag}");
                let keys = [SurrogateKey::new(&tag).expect("a surrogate key")];
                self.purge(&Purge::Keys(&keys), mode, |entry| {
                    entry.head.surrogate_keys().any(|key| key == tag)
                });
            }
            Act::LookUp(request) => self.look_up(request),
        }
        assert_eq!(self.shelf.len(), self.known.len(), "{act:?}");
    }

    fn put(&mut self, entry: Entry, body: u64) {
        let began = self.began.order();
        let fate = self.shelf.overtaken(&key("/a"), &entry.head, began, None);
        let new = Known { entry, began, body };
        let outcome = self.shelf.put(key("/a"), new.entry.clone(), &self.began);
        let is_superseded = self.known.iter().any(|old| old.began > began && gives_way(old, &new));
        let expected = match fate {
            Some(Overtaken::Removed) => PutOutcome::Purged,
            Some(_) if !new.entry.is_whole() => PutOutcome::Purged,
            _ if is_superseded => PutOutcome::Superseded,
            _ => PutOutcome::Stored,
        };
        assert_eq!(outcome, expected);
        if outcome == PutOutcome::Stored {
            self.known.retain(|old| !gives_way(old, &new));
            self.known.push(new);
        }
    }

    fn outdate(&mut self, request: Request) {
        if let Some(old) = self.selected(request, true).first().cloned() {
            self.shelf.outdate(&key("/a"), &old.entry);
            self.known.retain(|other| !gives_way(other, &old));
        }
    }

    fn purge(&mut self, what: &Purge<'_>, mode: PurgeMode, is_meant: impl Fn(&Entry) -> bool) {
        let count = self.known.iter().filter(|known| is_meant(&known.entry)).count() as u64;
        let stays = |entry: &Entry| mode == PurgeMode::Soft && entry.is_whole();
        assert_eq!(self.shelf.purge("shop", 0, what, mode, 0), count);
        self.known.retain(|known| stays(&known.entry) || !is_meant(&known.entry));
    }

    fn look_up(&self, request: Request) {
        let stock = self.shelf.stock(&key("/a"), &request.headers());
        assert_eq!(places(&stock.matching), known_places(&self.selected(request, true)));
        assert_eq!(places(&stock.parts), known_places(&self.selected(request, false)));
        let wholes: Vec<Known> = self.ordered(|known| known.entry.is_whole());
        let mut all = places(&self.shelf.variants(&key("/a")));
        assert_eq!(all, known_places(&wholes));
        if stock.matching.is_empty() {
            all.retain(|place| places(&stock.all).contains(place));
            assert_eq!(places(&stock.all), all, "in the same order, and nothing else");
            let lists =
                |entries: &[Entry]| VARY.map(|line| entries.iter().any(|entry| is_of(line, entry)));
            let wholes: Vec<Entry> = wholes.into_iter().map(|known| known.entry).collect();
            assert_eq!(lists(&stock.all), lists(&wholes), "some of each list");
        }
    }

    fn selected(&self, request: Request, whole: bool) -> Vec<Known> {
        let headers = request.headers();
        self.ordered(|known| {
            known.entry.is_whole() == whole && known.entry.head.variant.matches(&headers)
        })
    }

    fn ordered(&self, wanted: impl Fn(&Known) -> bool) -> Vec<Known> {
        let mut found: Vec<Known> =
            self.known.iter().rev().filter(|it| wanted(it)).cloned().collect();
        found.sort_by_key(|known| {
            let head = &known.entry.head;
            Reverse((!head.variant.is_universal(), head.made_at_ms()))
        });
        found
    }
}

fn gives_way(old: &Known, new: &Known) -> bool {
    let (was, is) = (&old.entry, &new.entry);
    let has_same_names = was.head.variant.names().eq(is.head.variant.names());
    let is_same = was.head.variant == is.head.variant || (old.body == new.body && !has_same_names);
    // All are of one version.
    let has_all = is.bytes().start <= was.bytes().start && was.bytes().end <= is.bytes().end;
    is_same && (is.is_whole() || (!was.is_whole() && has_all))
}

fn is_of(line: &str, entry: &Entry) -> bool {
    let names: Vec<&str> = entry.head.variant.names().map(http::HeaderName::as_str).collect();
    let line = line.strip_prefix("Vary: ").unwrap_or_default().to_ascii_lowercase();
    let mut listed: Vec<&str> = line.split(", ").filter(|name| !name.is_empty()).collect();
    listed.sort_unstable();
    names == listed
}

fn places(entries: &[Entry]) -> Vec<usize> {
    entries.iter().map(Entry::address).collect()
}

fn known_places(known: &[Known]) -> Vec<usize> {
    known.iter().map(|known| known.entry.address()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn many_variants_are_what_a_walk_through_all_would_find(
        acts in prop::collection::vec(act(), 0..400),
    ) {
        let mut world = World::new();
        acts.iter().for_each(|act| world.play(act));
        let World { shelf, known, .. } = world;
        let tags: usize = known.iter().map(|it| it.entry.head.surrogate_keys().count()).sum();
        prop_assert_eq!(shelf.indexed(), tags);
        drop(known);
        shelf.remove_target(&key("/a"));
        prop_assert_eq!((shelf.len(), shelf.used_bytes(), shelf.indexed()), (0, 0, 0));
    }
}
