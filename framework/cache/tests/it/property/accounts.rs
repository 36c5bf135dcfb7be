//! The accounts: whatever is put, held, gathered, purged and evicted, also by several threads at once, the budget is
//! never exceeded, and all of it comes back.

use std::thread;

use proptest::prelude::*;
use selvedge_cache::{Chunk, Entry, Purge, PurgeMode, PutOutcome, Room, Shelf, StoredBody};

use crate::support::{entry, headers, key, put};

const PATHS: u8 = 8;

/// What is done at a path.
#[derive(Debug, Clone)]
enum Act {
    Put(usize),
    /// Keep what is there, the entry or its body alone.
    Hold,
    HoldBody,
    /// Let go of what was kept first.
    Release,
    /// Gather so many bytes more in the room that is open.
    Gather(usize),
    /// Pass so many of them on.
    PassOn(u64),
    /// Put down what was gathered.
    Complete,
    Purge(PurgeMode),
    Expire,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0usize..6_000).prop_map(Act::Put),
        2 => Just(Act::Hold),
        1 => Just(Act::HoldBody),
        2 => Just(Act::Release),
        3 => (0usize..4_000).prop_map(Act::Gather),
        1 => (0u64..3_000).prop_map(Act::PassOn),
        1 => Just(Act::Complete),
        1 => prop_oneof![Just(PurgeMode::Hard), Just(PurgeMode::Soft)].prop_map(Act::Purge),
        1 => Just(Act::Expire),
    ]
}

fn acts(most: usize) -> impl Strategy<Value = Vec<(u8, u8, Act)>> {
    prop::collection::vec((0..PATHS, 0u8..3, act()), 0..most)
}

/// Somebody who uses the shelf.
struct User<'a> {
    shelf: &'a Shelf,
    entries: Vec<Entry>,
    bodies: Vec<StoredBody>,
    room: Room,
    gathered: Vec<Chunk>,
}

fn stored(variant: u8, body: &[u8]) -> Entry {
    let keys = format!("Surrogate-Key: all v{variant}");
    entry(&[&format!("V: {variant}")], &["Vary: V", &keys], 0, body)
}

impl<'a> User<'a> {
    fn new(shelf: &'a Shelf) -> Self {
        let room = shelf.room();
        Self { shelf, entries: Vec::new(), bodies: Vec::new(), room, gathered: Vec::new() }
    }

    fn perform(&mut self, path: u8, variant: u8, act: &Act) {
        let key = key(&format!("/{path}"));
        match act {
            Act::Put(size) => {
                put(self.shelf, key, stored(variant, &vec![0; *size]));
            }
            Act::Hold => self.entries.extend(self.shelf.variants(&key)),
            Act::HoldBody => {
                let variants = self.shelf.variants(&key);
                self.bodies.extend(variants.iter().map(|entry| entry.body().clone()));
            }
            Act::Release => {
                self.entries.drain(..self.entries.len().min(1));
                self.bodies.drain(..self.bodies.len().min(1));
            }
            Act::Gather(size) => self.gather(*size),
            Act::PassOn(bytes) => {
                self.gathered.clear();
                self.room.release(*bytes);
            }
            Act::Complete => {
                let room = std::mem::replace(&mut self.room, self.shelf.room());
                let chunks = std::mem::take(&mut self.gathered);
                let body = StoredBody::with_charge(chunks, room.into_charge());
                put(self.shelf, key, Entry::new(stored(variant, b"").head.copy(), body));
            }
            Act::Purge(mode) => {
                self.shelf.purge("shop", 0, &Purge::Target(&key), *mode, 1);
            }
            Act::Expire => {
                let variants = self.shelf.find(&key, &headers(&[&format!("V: {variant}")]));
                for old in variants {
                    put(self.shelf, key.clone(), old.expired());
                }
            }
        }
    }

    fn gather(&mut self, size: usize) {
        if self.room.take(size as u64) {
            self.gathered.push(Chunk::from(&*vec![0; size]));
        }
    }
}

/// Whether this very entry still lies under one of the first so many paths.
fn lies_on(shelf: &Shelf, paths: usize, entry: &Entry) -> bool {
    let all = (0..paths).flat_map(|path| shelf.variants(&key(&format!("/{path}"))));
    all.map(|it| it.address()).any(|address| address == entry.address())
}

/// Purges all there is and says whether all of the budget has come back.
fn is_free_again(shelf: &Shelf) -> bool {
    for path in 0..PATHS {
        shelf.remove_target(&key(&format!("/{path}")));
    }
    shelf.is_empty() && shelf.used_bytes() == 0 && shelf.indexed() == 0
}

proptest! {
    #[test]
    fn the_budget_counts_what_is_held(budget in 0u64..60_000, acts in acts(100)) {
        let shelf = Shelf::new(budget);
        let mut user = User::new(&shelf);
        for (path, variant, act) in acts {
            user.perform(path, variant, &act);
            prop_assert!(shelf.used_bytes() <= budget, "{:?}", act);
            let held: u64 = user.entries.iter().map(|entry| entry.body().len()).max().unwrap_or(0);
            prop_assert!(shelf.used_bytes() >= held + user.room.taken(), "{:?}", act);
            // The first bytes of each room are free.
            prop_assert!(user.room.taken() <= budget / 4 + budget / 1024);
        }
        drop(user);
        prop_assert!(is_free_again(&shelf));
    }

    #[test]
    fn no_room_evicts_nothing(
        held in prop::collection::vec(prop::bool::weighted(0.9), 12..16),
        wanted in 3_000usize..4_000,
    ) {
        let shelf = Shelf::new(32_000);
        let keyed = |path: usize| key(&format!("/{path}"));
        for path in 0..held.len() {
            put(&shelf, keyed(path), stored(0, &[0; 500]));
        }
        let readers = held.iter().enumerate().filter(|(_, is_held)| **is_held);
        let mut readers: Vec<_> =
            readers.flat_map(|(path, _)| shelf.variants(&keyed(path))).collect();
        let before = shelf.len();
        if put(&shelf, key("/new"), stored(0, &vec![0; wanted])) == PutOutcome::NoRoom {
            prop_assert_eq!(shelf.len(), before);
        }
        // What is being read was not evicted, since that would have freed nothing.
        prop_assert!(readers.iter().all(|entry| lies_on(&shelf, held.len(), entry)));
        readers.clear();
        prop_assert_eq!(put(&shelf, key("/new"), stored(0, &vec![0; wanted])), PutOutcome::Stored);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn threads_keep_the_budget_together(
        budget in prop_oneof![10_000u64..60_000, 8_000_000u64..9_000_000],
        parts in prop::collection::vec(acts(150), 4),
    ) {
        let shelf = Shelf::new(budget);
        thread::scope(|scope| {
            for acts in &parts {
                let shelf = &shelf;
                scope.spawn(move || {
                    let mut user = User::new(shelf);
                    for (path, variant, act) in acts {
                        user.perform(*path, *variant, act);
                        assert!(shelf.used_bytes() <= budget, "{act:?}");
                    }
                });
            }
        });
        prop_assert!(is_free_again(&shelf));
    }
}
