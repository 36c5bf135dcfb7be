//! The shelf: look-ups, order of use, variants, budget, threads.

use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use selvedge_cache::extent::ContentRange;
use selvedge_cache::{Entry, Found, PutOutcome, RequestDirectives, Reuse, Shelf, best, partial};

use crate::support::{entry, headers, key};

fn put(shelf: &Shelf, path: &str, bytes: usize) -> PutOutcome {
    shelf.put(key(path), entry(&[], &[], 0, &vec![b'x'; bytes]))
}

fn has(shelf: &Shelf, path: &str) -> bool {
    matches!(shelf.get(&key(path), &headers(&[]), 0), Found::Fresh(_))
}

#[test]
fn get_tells_what_there_is() {
    let shelf = Shelf::new(100_000);
    let lang = |lang| headers(&[lang]);
    let get = |path: &str, lang: &str, now| shelf.get(&key(path), &headers(&[lang]), now);
    assert!(matches!(get("/a", "L: en", 0), Found::Nothing));
    shelf.put(key("/a"), entry(&["L: en"], &["Vary: L"], 0, b"en"));
    assert!(matches!(get("/a", "L: en", 59_999), Found::Fresh(_)));
    assert!(matches!(get("/a", "L: en", 60_000), Found::Stale(_)));
    assert!(matches!(get("/a", "L: fr", 0), Found::VaryMiss));
    assert!(matches!(shelf.get(&key("/b"), &lang("L: en"), 0), Found::Nothing));
}

#[test]
fn hits_are_counted_on_fresh_look_ups() {
    let shelf = Shelf::new(100_000);
    put(&shelf, "/a", 5);
    assert!(has(&shelf, "/a") && has(&shelf, "/a"));
    match shelf.get(&key("/a"), &headers(&[]), 60_000) {
        Found::Stale(entry) => assert_eq!(entry.head.hits(), 2),
        other => panic!("{other:?}"),
    }
}

#[test]
fn find_gives_all_that_matches_the_best_first() {
    let shelf = Shelf::new(100_000);
    let dated = |second: u32| format!("Date: Thu, 01 Jan 1970 00:00:0{second} GMT");
    let put = |request: &str, vary: &str, second: u32, body: &[u8]| {
        shelf.put(key("/a"), entry(&[request], &[vary, &dated(second)], 9_000, body));
    };
    put("A: 1", "Vary: A", 1, b"older");
    put("B: 1", "Vary: B", 2, b"newer");
    put("C: 1", "X: no vary", 3, b"default");
    put("A: 2", "Vary: A", 4, b"other");
    let bodies = |found: Vec<Arc<Entry>>| -> Vec<Bytes> {
        found.iter().map(|entry| entry.body.chunks()[0].clone()).collect()
    };
    let request = headers(&["A: 1", "B: 1"]);
    assert_eq!(bodies(shelf.find(&key("/a"), &request)), ["newer", "older", "default"]);
    assert_eq!(bodies(shelf.variants(&key("/a"))), ["other", "newer", "older", "default"]);
    assert!(shelf.known(&key("/a")) && !shelf.known(&key("/b")));
    assert!(shelf.find(&key("/b"), &request).is_empty());
    assert!(shelf.find(&key("/a"), &request).iter().all(|entry| entry.head.hits() == 0));
}

#[test]
fn the_best_is_fresh_before_it_is_first() {
    let shelf = Shelf::new(100_000);
    shelf.put(key("/a"), entry(&["A: 1"], &["Vary: A"], 0, b"variant"));
    shelf.put(key("/a"), entry(&[], &[], 30_000, b"default"));
    let found = shelf.find(&key("/a"), &headers(&["A: 1"]));
    let best_at = |now_ms| {
        let (entry, reuse) = best(&found, &RequestDirectives::default(), now_ms).expect("found");
        (entry.body.chunks()[0].clone(), matches!(reuse, Reuse::Fresh { .. }))
    };
    assert_eq!(best_at(59_999), (Bytes::from("variant"), true));
    assert_eq!(best_at(60_000), (Bytes::from("default"), true));
    assert_eq!(best_at(90_000), (Bytes::from("variant"), false));
    assert!(best(&[], &RequestDirectives::default(), 0).is_none());
}

/// The bytes from `start` on of a version of ten.
fn part_of(tag: &str, start: u64, bytes: &[u8]) -> Entry {
    let whole = entry(&[], &[&format!("ETag: {tag}")], 0, bytes);
    let end = start + bytes.len() as u64;
    let range = ContentRange { bytes: start..end, complete_length: Some(10) };
    partial::part(whole.head, whole.body, &range).expect("as long as it says")
}

#[test]
fn parts_are_kept_apart() {
    let shelf = Shelf::new(100_000);
    let put = |entry| assert_eq!(shelf.put(key("/a"), entry), PutOutcome::Stored);
    let starts = || -> Vec<u64> {
        let mut parts = shelf.parts(&key("/a"), &headers(&[]));
        parts.sort_by_key(|entry| entry.bytes().start);
        parts.iter().map(|entry| entry.bytes().start).collect()
    };
    put(part_of("\"a\"", 2, b"23"));
    put(part_of("\"a\"", 7, b"78"));
    assert_eq!(starts(), [2, 7]);
    assert!(shelf.find(&key("/a"), &headers(&[])).is_empty());
    assert!(!shelf.known(&key("/a")) && shelf.variants(&key("/a")).is_empty());
    assert!(matches!(shelf.get(&key("/a"), &headers(&[]), 0), Found::Nothing));
    put(part_of("\"a\"", 1, b"12345"));
    assert_eq!(starts(), [1, 7]);
    put(part_of("\"b\"", 0, b"0"));
    assert_eq!(starts(), [0]);
    put(entry(&[], &["ETag: \"a\""], 0, b"0123456789"));
    assert!(starts().is_empty() && has(&shelf, "/a"));
    put(part_of("\"c\"", 3, b"3"));
    assert!(starts() == [3] && has(&shelf, "/a"));
    assert_eq!(shelf.remove(&key("/a")), 2);
}

#[test]
fn the_same_variant_is_replaced() {
    let shelf = Shelf::new(100_000);
    put(&shelf, "/a", 100);
    let used = shelf.used_bytes();
    put(&shelf, "/a", 100);
    assert_eq!((shelf.len(), shelf.used_bytes()), (1, used));
}

#[test]
fn remove_takes_all_variants_and_gives_room_back() {
    let shelf = Shelf::new(100_000);
    shelf.put(key("/a"), entry(&["L: en"], &["Vary: L"], 0, b"en"));
    shelf.put(key("/a"), entry(&["L: fr"], &["Vary: L"], 0, b"fr"));
    assert_eq!(shelf.remove(&key("/a")), 2);
    assert_eq!(shelf.remove(&key("/a")), 0);
    assert!(shelf.is_empty());
    assert_eq!(shelf.used_bytes(), 0);
}

#[test]
fn the_least_recently_used_goes_first() {
    let shelf = Shelf::new(16_000);
    for path in ["/a", "/b", "/c", "/d"] {
        assert_eq!(put(&shelf, path, 1_900), PutOutcome::Stored);
    }
    assert!(has(&shelf, "/a"));
    let full = (0..).find(|index| {
        let before = shelf.len();
        put(&shelf, &format!("/more{index}"), 1_900);
        shelf.len() == before || *index == 20
    });
    assert!(full.is_some_and(|index| index < 20));
    assert!(!has(&shelf, "/b") && has(&shelf, "/a") && has(&shelf, "/c"));
}

#[test]
fn a_body_may_take_an_eighth() {
    let shelf = Shelf::new(80_000);
    assert_eq!(shelf.max_object(), 10_000);
    assert_eq!(put(&shelf, "/a", 10_000), PutOutcome::Stored);
    assert_eq!(put(&shelf, "/b", 10_001), PutOutcome::TooLarge);
    assert!(has(&shelf, "/a"));
}

#[test]
fn what_never_fits_evicts_nothing() {
    let shelf = Shelf::new(2_000);
    put(&shelf, "/a", 5);
    let head = format!("X-Large: {}", "x".repeat(3_000));
    assert_eq!(shelf.put(key("/b"), entry(&[], &[&head], 0, b"")), PutOutcome::TooLarge);
    assert!(has(&shelf, "/a"));
    assert_eq!(put(&Shelf::new(0), "/a", 0), PutOutcome::TooLarge);
}

#[test]
fn variants_of_one_key_are_bounded() {
    let shelf = Shelf::new(10_000_000);
    for index in 0..200 {
        let request = format!("Hostile: {index}");
        shelf.put(key("/a"), entry(&[&request], &["Vary: Hostile"], 0, b"x"));
    }
    assert_eq!(shelf.len(), 64);
    let get = |index: u32| shelf.get(&key("/a"), &headers(&[&format!("Hostile: {index}")]), 0);
    assert!(matches!(get(199), Found::Fresh(_)));
    assert!(matches!(get(0), Found::VaryMiss));
}

#[test]
fn one_key_with_many_variants_gives_way_piece_by_piece() {
    let shelf = Shelf::new(16_000);
    for index in 0..40 {
        let request = format!("Hostile: {index}");
        shelf.put(key("/a"), entry(&[&request], &["Vary: Hostile"], 0, &[b'x'; 1_000]));
        assert!(shelf.used_bytes() <= 16_000);
    }
    assert!((5..40).contains(&shelf.len()), "{}", shelf.len());
}

#[test]
fn readers_keep_what_is_evicted() {
    let shelf = Shelf::new(16_000);
    put(&shelf, "/a", 1_000);
    let Found::Fresh(held) = shelf.get(&key("/a"), &headers(&[]), 0) else { panic!("no entry") };
    shelf.remove(&key("/a"));
    assert_eq!(held.body.len(), 1_000);
}

#[test]
fn threads_stay_within_the_budget() {
    let shelf = Shelf::new(16 * 1024 * 1024);
    thread::scope(|scope| {
        for thread in 0..4 {
            let shelf = &shelf;
            scope.spawn(move || {
                for index in 0..300 {
                    let path = format!("/{}", (index * 7 + thread) % 150);
                    put(shelf, &path, 200_000);
                    has(shelf, &path);
                    assert!(shelf.used_bytes() <= 16 * 1024 * 1024);
                    if index % 5 == 0 {
                        shelf.remove(&key(&path));
                    }
                }
            });
        }
    });
    for index in 0..150 {
        shelf.remove(&key(&format!("/{index}")));
    }
    assert_eq!((shelf.len(), shelf.used_bytes()), (0, 0));
}
