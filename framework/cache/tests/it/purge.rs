//! Purging at exact moments: what a soft purge leaves, what a fetch that it overtakes becomes, whose objects go.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use selvedge_cache::{
    ContentRange, Entry, Failure, Key, NoStore, Overtaken, Policy, Purge, PurgeMode, PutOutcome,
    Shelf, StalePermission, may_serve_stale, partial, receive::Renewed,
};
use selvedge_model::key::SurrogateKey;

use crate::support::{entry, headers, key, look_up, put};

fn soft(shelf: &Shelf, path: &str, now_ms: u64) -> u64 {
    shelf.purge("shop", 0, &Purge::Target(&key(path)), PurgeMode::Soft, now_ms)
}

fn hard(shelf: &Shelf, path: &str) -> u64 {
    shelf.purge("shop", 0, &Purge::Target(&key(path)), PurgeMode::Hard, 0)
}

fn keys(texts: &[&str]) -> Vec<SurrogateKey> {
    texts.iter().map(|text| SurrogateKey::new(*text).expect("a key")).collect()
}

/// Fresh for a minute, with these permissions.
fn lasting(permissions: &str) -> Entry {
    let control = format!("Cache-Control: max-age=60, {permissions}");
    entry(&[], &[&control, "ETag: \"a\""], 0, b"0123456789")
}

#[test]
fn after_a_soft_purge_the_windows_run_from_it() {
    let shelf = Shelf::new(100_000);
    put(&shelf, key("/a"), lasting("stale-while-revalidate=30, stale-if-error=40"));
    assert_eq!(look_up(&shelf, "/a", &[], 10_000), "hit");
    assert_eq!(soft(&shelf, "/a", 10_000), 1);
    assert_eq!(look_up(&shelf, "/a", &[], 10_000), "stale-while-revalidate");
    assert_eq!(look_up(&shelf, "/a", &[], 40_000), "stale-while-revalidate");
    assert_eq!(look_up(&shelf, "/a", &[], 40_001), "stale");
    let found = shelf.find(&key("/a"), &headers(&[]));
    let policy = Policy::rfc();
    let at = |now_ms| may_serve_stale(&found[0].head, &policy, Failure::Disconnected, now_ms);
    assert_eq!(at(50_000), Some(StalePermission::IfError));
    assert_eq!(at(50_001), Some(StalePermission::Disconnected));
    assert_eq!(at(10_000 + 3_600_001), None);
}

#[test]
fn the_first_soft_purge_counts_and_none_lengthens_a_life() {
    let shelf = Shelf::new(100_000);
    put(&shelf, key("/a"), lasting("stale-while-revalidate=30"));
    assert_eq!((soft(&shelf, "/a", 10_000), soft(&shelf, "/a", 35_000)), (1, 1));
    assert_eq!(look_up(&shelf, "/a", &[], 40_001), "stale");
    put(&shelf, key("/b"), lasting("stale-while-revalidate=30"));
    assert_eq!(soft(&shelf, "/b", 80_000), 1);
    assert_eq!(look_up(&shelf, "/b", &[], 90_001), "stale");
}

#[test]
fn a_soft_purge_reaches_those_who_hold_the_object_and_keeps_its_hits() {
    let shelf = Shelf::new(100_000);
    put(&shelf, key("/a"), lasting("stale-while-revalidate=30"));
    let held = shelf.find(&key("/a"), &headers(&[]));
    held[0].head.count_hit();
    soft(&shelf, "/a", 10_000);
    held[0].head.count_hit();
    let found = shelf.find(&key("/a"), &headers(&[]));
    assert_eq!((held[0].head.ttl_ms(10_000), found[0].head.hits()), (0, 2));
}

#[test]
fn a_validation_ends_the_outdating() {
    let shelf = Shelf::new(100_000);
    put(&shelf, key("/a"), lasting("stale-if-error=5"));
    let began = shelf.begin();
    soft(&shelf, "/a", 10_000);
    let renewed =
        |at_ms| Renewed { entry: entry(&[], &["ETag: \"a\""], at_ms, b"x"), keep: Ok(()) };
    // The origin was asked before, so its word is older than the purge.
    let (_, kept) = shelf.renew(&key("/a"), renewed(11_000), &began);
    assert_eq!((kept, look_up(&shelf, "/a", &[], 11_000)), (Ok(()), "stale"));
    let (_, kept) = shelf.renew(&key("/a"), renewed(12_000), &shelf.begin());
    assert_eq!((kept, look_up(&shelf, "/a", &[], 12_000)), (Ok(()), "hit"));
}

#[test]
fn a_validation_that_was_overtaken_answers_and_is_not_kept() {
    let shelf = Shelf::new(100_000);
    put(&shelf, key("/a"), lasting("stale-if-error=5"));
    let began = shelf.begin();
    assert_eq!(hard(&shelf, "/a"), 1);
    let renewed = Renewed { entry: entry(&[], &["ETag: \"a\""], 9, b"x"), keep: Ok(()) };
    let (entry, kept) = shelf.renew(&key("/a"), renewed, &began);
    assert_eq!((entry.body().len(), kept), (1, Err(NoStore::Purged)));
    assert_eq!(look_up(&shelf, "/a", &[], 9), "uri-miss");
}

#[test]
fn a_fetch_that_began_before_a_purge_is_purged() {
    let shelf = Shelf::new(100_000);
    let (purged, untouched) = (shelf.begin(), shelf.begin());
    assert_eq!(hard(&shelf, "/a"), 0);
    assert_eq!(shelf.put(key("/a"), lasting("public"), &purged), PutOutcome::Purged);
    assert_eq!(shelf.put(key("/b"), lasting("public"), &untouched), PutOutcome::Stored);
    assert_eq!(put(&shelf, key("/a"), lasting("public")), PutOutcome::Stored);
    let stored = lasting("public");
    let order = purged.order();
    let removed = Some(Overtaken::Removed);
    assert_eq!(shelf.overtaken(&key("/a"), &stored.head, order, None), removed);
    assert_eq!(shelf.overtaken(&key("/a"), &stored.head, order, Some(order)), None);
    assert_eq!(shelf.overtaken(&key("/a"), &stored.head, shelf.order(), None), None);
}

#[test]
fn a_write_overtakes_too() {
    let shelf = Shelf::new(100_000);
    let began = shelf.begin();
    assert_eq!(shelf.remove_target(&key("/a")), 0);
    assert_eq!(shelf.put(key("/a"), lasting("public"), &began), PutOutcome::Purged);
}

#[test]
fn a_fetch_of_another_shelf_is_not_taken_for_ours() {
    let (shelf, other) = (Shelf::new(100_000), Shelf::new(100_000));
    assert_eq!(shelf.put(key("/a"), lasting("public"), &other.begin()), PutOutcome::Purged);
}

#[test]
fn parts_go_on_every_purge_also_while_they_are_fetched() {
    let part = || {
        let whole = entry(&[], &["ETag: \"a\""], 0, b"234");
        let (head, body) = (whole.head.copy(), whole.body().clone());
        let range = ContentRange { bytes: 2..5, complete_length: Some(10) };
        partial::part(head, body, &range).expect("as long as it says")
    };
    let shelf = Shelf::new(100_000);
    put(&shelf, key("/a"), lasting("public"));
    put(&shelf, key("/a"), part());
    let began = shelf.begin();
    assert_eq!((soft(&shelf, "/a", 1), shelf.len()), (2, 1));
    assert_eq!(shelf.put(key("/a"), part(), &began), PutOutcome::Purged);
    assert!(shelf.parts(&key("/a"), &headers(&[])).is_empty());
}

#[test]
fn an_object_with_two_of_the_keys_counts_once() {
    let shelf = Shelf::new(100_000);
    put(&shelf, key("/a"), entry(&[], &["Surrogate-Key: x y"], 0, b"1"));
    put(&shelf, key("/b"), entry(&[], &["Surrogate-Key: y"], 0, b"2"));
    put(&shelf, key("/c"), entry(&[], &["Surrogate-Key: xy X"], 0, b"3"));
    let both = keys(&["x", "y", "z"]);
    let purge = |mode| shelf.purge("shop", 0, &Purge::Keys(&both), mode, 1);
    assert_eq!((purge(PurgeMode::Soft), shelf.len()), (2, 3));
    assert_eq!((purge(PurgeMode::Hard), shelf.len(), purge(PurgeMode::Hard)), (2, 1, 0));
    assert_eq!(look_up(&shelf, "/c", &[], 0), "hit");
}

#[test]
fn a_new_generation_finds_nothing_of_the_old() {
    let shelf = Shelf::new(100_000);
    let tagged = || entry(&[], &["Surrogate-Key: x"], 0, b"1");
    let (old, new) = (key("/a"), key("/a").in_generation(1));
    put(&shelf, old.clone(), tagged());
    assert_eq!((shelf.live("shop", 0), shelf.live("shop", 1), shelf.live("other", 0)), (1, 0, 0));
    assert!(shelf.known(&old) && !shelf.known(&new));
    put(&shelf, new.clone(), tagged());
    let x = keys(&["x"]);
    assert_eq!(shelf.purge("shop", 1, &Purge::Keys(&x), PurgeMode::Hard, 0), 1);
    assert_eq!((shelf.live("shop", 0), shelf.live("shop", 1)), (1, 0));
    assert_eq!(shelf.purge("shop", 1, &Purge::Target(&old), PurgeMode::Hard, 0), 0);
    assert_eq!(shelf.purge("shop", 0, &Purge::Target(&new), PurgeMode::Hard, 0), 1);
}

#[test]
fn many_objects_of_one_key_go_in_one_purge() {
    let shelf = Shelf::new(64 * 1024 * 1024);
    for number in 0..3_000 {
        put(&shelf, key(&format!("/{number}")), entry(&[], &["Surrogate-Key: all"], 0, b"x"));
    }
    let all = keys(&["all"]);
    assert_eq!(shelf.purge("shop", 0, &Purge::Keys(&all), PurgeMode::Hard, 0), 3_000);
    assert_eq!((shelf.used_bytes(), shelf.indexed(), shelf.live("shop", 0)), (0, 0, 0));
}

/// A purge that takes a number after a fetch began either finds its object or keeps it out, whoever comes first.
#[test]
fn purges_and_fetches_race() {
    let shelf = Shelf::new(64 * 1024 * 1024);
    let version = AtomicU64::new(0);
    let all = keys(&["all"]);
    thread::scope(|scope| {
        for thread in 0..3 {
            let (shelf, version) = (&shelf, &version);
            scope.spawn(move || {
                for number in 0..2_000 {
                    let key: Key = key(&format!("/{}", (number + thread) % 5));
                    let began = shelf.begin();
                    let seen = version.load(Ordering::SeqCst).to_string();
                    let new = entry(&[], &["Surrogate-Key: all"], 0, seen.as_bytes());
                    let _: PutOutcome = shelf.put(key, new, &began);
                }
            });
        }
        scope.spawn(|| {
            for number in 1..=500 {
                version.store(number, Ordering::SeqCst);
                match number % 2 {
                    0 => drop((0..5).map(|path| hard(&shelf, &format!("/{path}"))).sum::<u64>()),
                    _ => drop(shelf.purge("shop", 0, &Purge::Keys(&all), PurgeMode::Hard, 0)),
                }
                for entry in (0..5).flat_map(|path| shelf.variants(&key(&format!("/{path}")))) {
                    assert_eq!(entry.body().chunks()[0], number.to_string().as_bytes());
                }
            }
        });
    });
}

/// One shelf fills from the other while both are purged.
#[test]
fn what_comes_from_a_shelf_that_was_not_walked_yet_counts_as_purged() {
    let edge = Shelf::new(100_000);
    let shield = edge.beside(100_000);
    put(&shield, key("/a"), lasting("public"));
    let target = key("/a");
    let before = edge.begin();
    let purge = edge.announce("shop", 0, &Purge::Target(&target), PurgeMode::Hard, 0);
    assert_eq!(edge.carry_out(&purge), 0);
    // Between the two the edge looks there, and finds what is still to be purged.
    let between = edge.begin();
    assert_eq!(look_up(&shield, "/a", &[], 0), "hit");
    assert_eq!(edge.put(key("/a"), lasting("public"), &between), PutOutcome::Purged);
    assert_eq!(edge.put(key("/a"), lasting("public"), &before), PutOutcome::Purged);
    assert_eq!(edge.put(key("/b"), lasting("public"), &between), PutOutcome::Stored);
    assert_eq!(shield.carry_out(&purge), 1);
    drop(purge);
    assert_eq!(edge.put(key("/a"), lasting("public"), &between), PutOutcome::Purged);
    let after = edge.begin();
    assert_eq!(edge.put(key("/a"), lasting("public"), &after), PutOutcome::Stored);
}

#[test]
fn who_asks_while_a_purge_is_pending_may_be_answered_by_what_was_under_way() {
    let edge = Shelf::new(100_000);
    let (flight, target) = (edge.begin(), key("/a"));
    let purge = edge.announce("shop", 0, &Purge::Target(&target), PurgeMode::Hard, 0);
    assert!(!edge.target_overtaken(&target, flight.order(), edge.order()));
    drop(purge);
    assert!(edge.target_overtaken(&target, flight.order(), edge.order()));
    assert!(!edge.target_overtaken(&target, edge.begin().order(), edge.order()));
}

/// A purge of something else that takes long neither hides one that is done, nor makes it count twice.
#[test]
fn a_purge_that_is_done_counts_though_others_are_pending() {
    let edge = Shelf::new(100_000);
    let (flight, target) = (edge.begin(), key("/a"));
    let slow = edge.announce("shop", 0, &Purge::Target(&key("/b")), PurgeMode::Hard, 0);
    assert_eq!(hard(&edge, "/a"), 0);
    let next = edge.begin();
    assert!(edge.target_overtaken(&target, flight.order(), edge.order()));
    assert!(!edge.target_overtaken(&target, next.order(), edge.order()));
    drop(slow);
    assert!(!edge.target_overtaken(&target, next.order(), edge.order()));
    assert_eq!(edge.put(key("/a"), lasting("public"), &next), PutOutcome::Stored);
    assert_eq!(edge.put(key("/b"), lasting("public"), &next), PutOutcome::Purged);
}

#[test]
fn a_soft_purge_outdates_what_is_copied_meanwhile() {
    let edge = Shelf::new(100_000);
    let shield = edge.beside(100_000);
    put(&shield, key("/a"), lasting("stale-while-revalidate=30"));
    let target = key("/a");
    let purge = edge.announce("shop", 0, &Purge::Target(&target), PurgeMode::Soft, 10_000);
    let between = edge.begin();
    let copy = lasting("stale-while-revalidate=30");
    assert_eq!(edge.put(key("/a"), copy, &between), PutOutcome::Stored);
    assert_eq!((edge.carry_out(&purge), shield.carry_out(&purge)), (1, 1));
    drop(purge);
    assert_eq!(look_up(&edge, "/a", &[], 10_000), "stale-while-revalidate");
}

/// A shelf that fills from another, while both are purged: what is found after a purge was made after it.
#[test]
fn purges_and_copies_between_shelves_race() {
    let shelf = Shelf::new(64 * 1024 * 1024);
    let shelves = [shelf.beside(64 * 1024 * 1024), shelf];
    let [edge, shield] = &shelves;
    let version = AtomicU64::new(0);
    let made = |seen: &[u8]| entry(&[], &["Surrogate-Key: all"], 0, seen);
    let all = keys(&["all"]);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..4_000 {
                let began = shield.begin();
                let seen = version.load(Ordering::SeqCst).to_string();
                put_began(shield, made(seen.as_bytes()), &began);
            }
        });
        scope.spawn(|| {
            for _ in 0..4_000 {
                let began = edge.begin();
                for found in shield.variants(&key("/a")) {
                    put_began(edge, made(&found.body().chunks()[0]), &began);
                }
            }
        });
        scope.spawn(|| {
            for number in 1..=1_000 {
                version.store(number, Ordering::SeqCst);
                let purge = shield.announce("shop", 0, &Purge::Keys(&all), PurgeMode::Hard, 0);
                let _: u64 = shelves.iter().map(|shelf| shelf.carry_out(&purge)).sum();
                drop(purge);
                for entry in shelves.iter().flat_map(|shelf| shelf.variants(&key("/a"))) {
                    assert_eq!(entry.body().chunks()[0], number.to_string().as_bytes());
                }
            }
        });
    });
}

fn put_began(shelf: &Shelf, entry: Entry, began: &selvedge_cache::Began) {
    let _: PutOutcome = shelf.put(key("/a"), entry, began);
}
