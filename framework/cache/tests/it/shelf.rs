//! The shelf: order of use, variants, budget, threads.

use std::thread;

use selvedge_cache::{Chunk, Purge, PurgeMode, PutOutcome, Shelf, StoredBody};

use crate::support::{self, entry, headers, key, look_up};

fn put(shelf: &Shelf, path: &str, bytes: usize) -> PutOutcome {
    support::put(shelf, key(path), entry(&[], &[], 0, &vec![b'x'; bytes]))
}

fn has(shelf: &Shelf, path: &str) -> bool {
    look_up(shelf, path, &[], 0) == "hit"
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
    support::put(&shelf, key("/a"), entry(&["L: en"], &["Vary: L"], 0, b"en"));
    support::put(&shelf, key("/a"), entry(&["L: fr"], &["Vary: L"], 0, b"fr"));
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
    assert_eq!(support::put(&shelf, key("/b"), entry(&[], &[&head], 0, b"")), PutOutcome::TooLarge);
    assert!(has(&shelf, "/a"));
    assert_eq!(put(&Shelf::new(0), "/a", 0), PutOutcome::TooLarge);
}

fn put_variant(shelf: &Shelf, number: u32, bytes: usize) {
    let request = format!("Hostile: {number}");
    let entry = entry(&[&request], &["Vary: Hostile"], 0, &vec![b'x'; bytes]);
    assert_eq!(support::put(shelf, key("/a"), entry), PutOutcome::Stored);
}

fn has_variant(shelf: &Shelf, number: u32) -> bool {
    look_up(shelf, "/a", &[&format!("Hostile: {number}")], 0) == "hit"
}

#[test]
fn one_key_may_have_any_number_of_variants() {
    let shelf = Shelf::new(64 * 1024 * 1024);
    (0..5_000).for_each(|number| put_variant(&shelf, number, 1));
    assert_eq!(shelf.len(), 5_000);
    assert!((0..5_000).all(|number| has_variant(&shelf, number)));
    assert!(!has_variant(&shelf, 5_000));
}

#[test]
fn variants_that_clients_invent_take_the_places_of_each_other() {
    let shelf = Shelf::new(2_000_000);
    for path in 0..100 {
        put(&shelf, &format!("/{path}"), 10_000);
    }
    let before = shelf.used_bytes();
    (0..10_000).for_each(|number| {
        put_variant(&shelf, number, 200);
        assert!(has_variant(&shelf, 7) || number < 7, "it is used all the time");
        assert!(shelf.used_bytes() <= before + 250_000 + 1_000, "an eighth, and what comes");
    });
    assert!(shelf.used_bytes() > before + 240_000, "{}", shelf.used_bytes());
    assert!((0..100).all(|path| has(&shelf, &format!("/{path}"))));
    assert!(has_variant(&shelf, 9_999) && !has_variant(&shelf, 8));
}

#[test]
fn variants_that_nobody_wants_go_however_much_their_key_is_used() {
    let shelf = Shelf::new(2_000_000);
    (0..300).for_each(|number| put_variant(&shelf, number, 200));
    let key = key("/a");
    assert_eq!(shelf.variants(&key).len(), 300);
    // As many others come as there is room for, and once more.
    for path in 0..3_000 {
        put(&shelf, &format!("/{path}"), 1_000);
        assert!((0..20).all(|number| has_variant(&shelf, number)), "{path}");
    }
    assert_eq!(shelf.variants(&key).len(), 20);
}

#[test]
fn one_key_with_many_variants_gives_way_piece_by_piece() {
    let shelf = Shelf::new(16_000);
    for index in 0..40 {
        let request = format!("Hostile: {index}");
        support::put(&shelf, key("/a"), entry(&[&request], &["Vary: Hostile"], 0, &[b'x'; 1_000]));
        assert!(shelf.used_bytes() <= 16_000);
    }
    assert!((5..40).contains(&shelf.len()), "{}", shelf.len());
}

#[test]
fn readers_keep_what_is_evicted() {
    let shelf = Shelf::new(16_000);
    put(&shelf, "/a", 1_000);
    let held = shelf.find(&key("/a"), &headers(&[]));
    shelf.remove(&key("/a"));
    assert_eq!(held[0].body().len(), 1_000);
    let body = held[0].body().clone();
    let used = shelf.used_bytes();
    assert!(shelf.is_empty() && used > 1_000);
    drop(held);
    assert_eq!(shelf.used_bytes(), used, "the head lies with the body");
    assert_eq!((body.chunk(0).map(|chunk| chunk.len()), body.chunk(1)), (Some(1_000), None));
    drop(body);
    assert_eq!(shelf.used_bytes(), 0);
}

#[test]
fn rooms_share_a_quarter_and_give_it_back() {
    let shelf = Shelf::new(16_000);
    let (mut one, mut other) = (shelf.room(), shelf.room());
    // The first 15 bytes of each do not count.
    assert!(one.take(2_515) && !other.take(1_516) && other.take(1_515) && !one.take(1));
    assert_eq!((one.taken(), other.taken(), shelf.used_bytes()), (2_515, 1_515, 4_030));
    one.release(500);
    assert!(other.take(500) && !other.take(1));
    drop(other);
    assert_eq!(shelf.used_bytes(), 2_015);
    // What is complete is no open room any more.
    let charge = one.into_charge();
    assert!(shelf.room().take(4_015));
    let body = StoredBody::with_charge(vec![Chunk::from(&[0; 1_700][..])], charge);
    assert_eq!(shelf.used_bytes(), 1_820, "its handles take of the rest");
    drop(body);
    assert_eq!(shelf.used_bytes(), 0);
}

#[test]
fn gathering_evicts_but_not_what_is_read() {
    let shelf = Shelf::new(16_000);
    for path in 0..20 {
        put(&shelf, &format!("/{path}"), 1_900);
    }
    let before = shelf.len();
    let held: Vec<_> = (18..20).flat_map(|it| shelf.variants(&key(&format!("/{it}")))).collect();
    let mut room = shelf.room();
    assert!(room.take(4_000) && shelf.len() < before);
    assert!(has(&shelf, "/18") && has(&shelf, "/19") && held.len() == 2);
    drop(room);
    assert!(shelf.used_bytes() <= 12_000);
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

#[test]
fn what_was_fetched_before_a_purge_takes_no_newer_ones_place() {
    let shelf = Shelf::new(1_000_000);
    let key = key("/a");
    let object = |body: &[u8]| entry(&[], &["Cache-Control: max-age=60"], 0, body);
    let before = shelf.begin();
    shelf.purge(key.service(), 0, &Purge::Target(&key), PurgeMode::Soft, 0);
    let after = shelf.begin();
    assert_eq!(shelf.put(key.clone(), object(b"newer"), &after), PutOutcome::Stored);
    assert_eq!(shelf.put(key.clone(), object(b"older"), &before), PutOutcome::Superseded);
    assert_eq!(shelf.find(&key, &headers(&[]))[0].body().len(), 5);
    assert_eq!(shelf.put(key, object(b"newest"), &after), PutOutcome::Stored);
}
