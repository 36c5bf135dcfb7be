//! What the shelf finds: by key and target, by variant, whole and in parts, and which of it is the best.

use bytes::Bytes;
use selvedge_cache::extent::ContentRange;
use selvedge_cache::receive::Renewed;
use selvedge_cache::{
    Entry, Key, KeyRules, NoStore, PutOutcome, RequestDirectives, Reuse, Shelf, best, partial,
};

use crate::support::{entry, headers, key, look_up, put};

fn has(shelf: &Shelf, path: &str) -> bool {
    look_up(shelf, path, &[], 0) == "hit"
}

#[test]
fn a_look_up_tells_what_there_is() {
    let shelf = Shelf::new(100_000);
    assert_eq!(look_up(&shelf, "/a", &["L: en"], 0), "uri-miss");
    put(&shelf, key("/a"), entry(&["L: en"], &["Vary: L"], 0, b"en"));
    assert_eq!(look_up(&shelf, "/a", &["L: en"], 59_999), "hit");
    assert_eq!(look_up(&shelf, "/a", &["L: en"], 60_000), "stale");
    assert_eq!(look_up(&shelf, "/a", &["L: fr"], 0), "vary-miss");
    assert_eq!(look_up(&shelf, "/b", &["L: en"], 0), "uri-miss");
}

#[test]
fn the_stock_is_what_the_single_look_ups_find() {
    let shelf = Shelf::new(100_000);
    for (request, vary) in [("A: 1", "Vary: A"), ("A: 2", "Vary: A"), ("B: 1", "X: no vary")] {
        put(&shelf, key("/a"), entry(&[request], &[vary, "ETag: \"a\""], 0, b"0123456789"));
    }
    put(&shelf, key("/a"), part_of("\"p\"", 2, b"23"));
    let bodies = |found: Vec<Entry>| -> Vec<usize> { found.iter().map(Entry::address).collect() };
    for request in [headers(&["A: 1"]), headers(&["A: 2"]), headers(&[])] {
        let stock = shelf.stock(&key("/a"), &request);
        assert_eq!(bodies(stock.matching.into_vec()), bodies(shelf.find(&key("/a"), &request)));
        assert_eq!(bodies(stock.parts), bodies(shelf.parts(&key("/a"), &request)));
        assert!(stock.all.is_empty());
    }
    put(&shelf, key("/b"), entry(&["A: 1"], &["Vary: A"], 0, b"1"));
    let stock = shelf.stock(&key("/b"), &headers(&["A: 2"]));
    assert_eq!((stock.matching.len(), stock.all.len()), (0, 1));
}

#[test]
fn find_gives_all_that_matches_the_best_first() {
    let shelf = Shelf::new(100_000);
    let dated = |second: u32| format!("Date: Thu, 01 Jan 1970 00:00:0{second} GMT");
    let add = |request: &str, vary: &str, second: u32, body: &[u8]| {
        put(&shelf, key("/a"), entry(&[request], &[vary, &dated(second)], 9_000, body));
    };
    add("A: 1", "Vary: A", 1, b"older");
    add("B: 1", "Vary: B", 2, b"newer");
    add("C: 1", "X: no vary", 3, b"default");
    add("A: 2", "Vary: A", 4, b"other");
    let bodies = |found: Vec<Entry>| -> Vec<Bytes> {
        found.iter().map(|entry| entry.body().chunks()[0].clone()).collect()
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
    put(&shelf, key("/a"), entry(&["A: 1"], &["Vary: A"], 0, b"variant"));
    put(&shelf, key("/a"), entry(&[], &[], 30_000, b"default"));
    let found = shelf.find(&key("/a"), &headers(&["A: 1"]));
    let best_at = |now_ms| {
        let (at, reuse) = best(&found, &RequestDirectives::default(), now_ms).expect("found");
        (found[at].body().chunks()[0].clone(), matches!(reuse, Reuse::Fresh { .. }))
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
    partial::part(whole.head.copy(), whole.body().clone(), &range).expect("as long as it says")
}

#[test]
fn parts_are_kept_apart() {
    let shelf = Shelf::new(100_000);
    let put_one = |entry| assert_eq!(put(&shelf, key("/a"), entry), PutOutcome::Stored);
    let starts = || -> Vec<u64> {
        let mut parts = shelf.parts(&key("/a"), &headers(&[]));
        parts.sort_by_key(|entry| entry.bytes().start);
        parts.iter().map(|entry| entry.bytes().start).collect()
    };
    put_one(part_of("\"a\"", 2, b"23"));
    put_one(part_of("\"a\"", 7, b"78"));
    assert_eq!(starts(), [2, 7]);
    assert!(shelf.find(&key("/a"), &headers(&[])).is_empty());
    assert!(!shelf.known(&key("/a")) && shelf.variants(&key("/a")).is_empty());
    assert_eq!(look_up(&shelf, "/a", &[], 0), "partial");
    put_one(part_of("\"a\"", 1, b"12345"));
    assert_eq!(starts(), [1, 7]);
    put_one(part_of("\"b\"", 0, b"0"));
    assert_eq!(starts(), [0]);
    put_one(entry(&[], &["ETag: \"a\""], 0, b"0123456789"));
    assert!(starts().is_empty() && has(&shelf, "/a"));
    put_one(part_of("\"c\"", 3, b"3"));
    assert!(starts() == [3] && has(&shelf, "/a"));
    assert_eq!(shelf.remove(&key("/a")), 2);
}

/// What lies there of variants 1 and 2 after a 304 to the first said so.
fn after_renewal(keep: Result<(), NoStore>) -> (usize, &'static str, &'static str) {
    let shelf = Shelf::new(100_000);
    let stored = |v, at_ms| entry(&[v], &["Vary: V"], at_ms, b"x");
    put(&shelf, key("/a"), stored("V: 1", 0));
    put(&shelf, key("/a"), stored("V: 2", 30_000));
    let (answers, _) =
        shelf.renew(&key("/a"), Renewed { entry: stored("V: 1", 60_000), keep }, &shelf.begin());
    assert_eq!(answers.head.received_at_ms, 60_000);
    let look = |v| look_up(&shelf, "/a", &[v], 60_000);
    (shelf.len(), look("V: 1"), look("V: 2"))
}

#[test]
fn a_renewal_concerns_one_variant() {
    assert_eq!(after_renewal(Ok(())), (2, "hit", "hit"));
    assert_eq!(after_renewal(Err(NoStore::NoStoreDirective)), (1, "vary-miss", "hit"));
    assert_eq!(after_renewal(Err(NoStore::RequestNoStore)), (2, "stale", "hit"));
}

#[test]
fn a_target_goes_with_all_that_rules_added() {
    let shelf = Shelf::new(64 * 1024 * 1024);
    let rules = KeyRules { add_cookies: vec!["c".to_owned()], ..KeyRules::default() };
    let key = |path: &str, cookie: &str| {
        Key::with_rules("shop", "shop.localhost", path, &rules, &headers(&[cookie]))
    };
    let plain = |path| Key::new("shop", "shop.localhost", path);
    let put_one =
        |key: Key| assert_eq!(put(&shelf, key, entry(&[], &[], 0, b"x")), PutOutcome::Stored);
    put_one(plain("/a"));
    assert_eq!(shelf.remove_target(&key("/a", "Cookie: c=1")), 1);
    let others = [plain("/b"), key("/b", "Cookie: c=1"), Key::new("other", "shop.localhost", "/a")];
    others.iter().cloned().for_each(put_one);
    for number in 0..50 {
        put_one(key("/a", &format!("Cookie: c={number}")));
    }
    put_one(plain("/a"));
    assert_eq!(shelf.remove_target(&plain("/a")), 51);
    assert_eq!(shelf.remove_target(&key("/a", "Cookie: c=7")), 0);
    assert!(others.iter().all(|key| shelf.known(key)));
    assert_eq!(shelf.len(), 3);
}

#[test]
fn one_refresh_a_second_is_offered_whenever_that_is() {
    const HALF: u64 = 1 << 32;
    for at_ms in [1, 1_000_000_000_000, HALF - 500, HALF + 1, 7 * HALF - 1] {
        let entry = entry(&[], &[], 0, b"");
        let head = &entry.head;
        assert!(head.offer_refresh(at_ms));
        for soon in [at_ms, at_ms + 999, at_ms.saturating_sub(1_000)] {
            assert!(!head.offer_refresh(soon), "{soon} after {at_ms}");
        }
        assert!(head.offer_refresh(at_ms + 1_000));
        assert!(head.offer_refresh(at_ms + 86_400_000));
    }
}
