//! The shelf: its budget holds at every moment, all of it comes back, and nothing from before a purge is found after it.

use std::sync::Arc;

use selvedge_cache::{Entry, Purge, PurgeMode, PutOutcome, Shelf};
use selvedge_model::key::SurrogateKey;
use shuttle::thread;

use crate::{
    run::check,
    support::{asking_for, entry, key, variant},
};

/// Room for two entries of 1,000 bytes, not for three: with the model checker's counters an entry costs some 700 beside.
const BUDGET: u64 = 4_500;

fn is_kept(shelf: &Shelf) {
    let used = shelf.used_bytes();
    assert!(used <= BUDGET, "{used}");
}

/// Runs these side by side and waits for all.
fn together(works: Vec<Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = works.into_iter().map(thread::spawn).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn the_budget_holds_while_entries_come_and_go() {
    check(|| {
        let shelf = Arc::new(Shelf::new(BUDGET).with_max_object(BUDGET));
        let works = (0..3).map(|user| {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                for path in ["/a", "/b"] {
                    let key = key(&format!("{path}{user}"));
                    let outcome = shelf.put(key.clone(), entry(1_000), &shelf.begin());
                    is_kept(&shelf);
                    assert!(matches!(outcome, PutOutcome::Stored | PutOutcome::NoRoom));
                    // Held for a moment, it cannot be evicted.
                    let held = shelf.variants(&key);
                    is_kept(&shelf);
                    drop(held);
                }
            }) as Box<dyn FnOnce() + Send>
        });
        together(works.collect());
        for user in 0..3 {
            shelf.remove(&key(&format!("/a{user}")));
            shelf.remove(&key(&format!("/b{user}")));
        }
        assert_eq!((shelf.used_bytes(), shelf.len(), shelf.indexed()), (0, 0, 0));
    });
}

#[test]
fn rooms_keep_to_their_quarter_while_others_put() {
    check(|| {
        let shelf = Arc::new(Shelf::new(BUDGET).with_max_object(BUDGET));
        let gather = |bytes: u64| {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                let mut room = shelf.room();
                for _ in 0..3 {
                    if !room.take(bytes) {
                        room.release(bytes / 2);
                    }
                    is_kept(&shelf);
                    assert!(room.taken() <= BUDGET / 4);
                }
                drop(room.into_charge());
                is_kept(&shelf);
            }) as Box<dyn FnOnce() + Send>
        };
        let put = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                for path in ["/a", "/b", "/c"] {
                    shelf.put(key(path), entry(1_500), &shelf.begin());
                    is_kept(&shelf);
                }
            })
        };
        together(vec![gather(600), gather(1_000), put]);
        let mut room = shelf.room();
        assert!(room.take(BUDGET / 4), "what the others gathered has come back");
        drop(room);
        for path in ["/a", "/b", "/c"] {
            shelf.remove(&key(path));
        }
        assert_eq!(shelf.used_bytes(), 0);
    });
}

/// A fetch that began before the purge puts its entry down at whatever moment of it.
fn purge_against_put(purge: fn(&Shelf) -> u64) {
    check(move || {
        let shelf = Arc::new(Shelf::new(1_000_000));
        let began = shelf.begin();
        let put = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                let outcome = shelf.put(key("/a"), entry(10), &began);
                assert!(matches!(outcome, PutOutcome::Stored | PutOutcome::Purged));
            })
        };
        let purge = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                purge(&shelf);
                assert!(shelf.find(&key("/a"), &http::HeaderMap::new()).is_empty());
            })
        };
        together(vec![put, purge]);
        assert_eq!((shelf.len(), shelf.used_bytes()), (0, 0));
        assert_eq!(shelf.live("shop", 0), 0);
    });
}

#[test]
fn nothing_from_before_a_purge_by_url_is_found_after_it() {
    purge_against_put(|shelf| {
        shelf.purge("shop", 0, &Purge::Target(&key("/a")), PurgeMode::Hard, 0)
    });
}

#[test]
fn nothing_from_before_a_purge_by_key_is_found_after_it() {
    purge_against_put(|shelf| {
        let keys = [SurrogateKey::new("tag").unwrap()];
        shelf.purge("shop", 0, &Purge::Keys(&keys), PurgeMode::Hard, 0)
    });
}

/// One shelf fills from the other while both are purged, and something else is, too.
#[test]
fn a_copy_of_what_was_not_purged_yet_is_not_found_after_the_purge() {
    check(|| {
        let edge = Arc::new(Shelf::new(1_000_000));
        let shield = Arc::new(edge.beside(1_000_000));
        shield.put(key("/a"), entry(10), &shield.begin());
        let found = |shelf: &Shelf| !shelf.find(&key("/a"), &http::HeaderMap::new()).is_empty();
        let shelves = || [Arc::clone(&edge), Arc::clone(&shield)];
        let purge = |[edge, shield]: [Arc<Shelf>; 2], path: &'static str| {
            move || {
                let key = key(path);
                let what = Purge::Target(&key);
                let purge = edge.announce("shop", 0, &what, PurgeMode::Hard, 0);
                edge.carry_out(&purge);
                shield.carry_out(&purge);
                drop(purge);
                (found(&edge), found(&shield))
            }
        };
        let copy = {
            let [edge, shield] = shelves();
            Box::new(move || {
                let began = edge.begin();
                if found(&shield) {
                    edge.put(key("/a"), entry(10), &began);
                }
            })
        };
        let (meant, other) = (purge(shelves(), "/a"), purge(shelves(), "/b"));
        let meant = Box::new(move || assert_eq!(meant(), (false, false)));
        together(vec![copy, meant, Box::new(move || _ = other())]);
        assert_eq!((edge.len(), shield.len(), edge.used_bytes()), (0, 0, 0));
    });
}

#[test]
fn what_began_before_a_soft_purge_is_stale_after_it() {
    check(|| {
        let shelf = Arc::new(Shelf::new(1_000_000));
        let began = shelf.begin();
        let put = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                let outcome = shelf.put(key("/a"), entry(10), &began);
                assert_eq!(outcome, PutOutcome::Stored, "what is whole is kept, be it stale");
            })
        };
        let are_stale = |shelf: &Shelf| {
            let found = shelf.find(&key("/a"), &http::HeaderMap::new());
            assert!(found.iter().all(|entry| entry.head.ttl_ms(1_000) <= 0));
            found.len()
        };
        let purge = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                shelf.purge("shop", 0, &Purge::Target(&key("/a")), PurgeMode::Soft, 1_000);
                are_stale(&shelf);
            })
        };
        together(vec![put, purge]);
        assert_eq!(are_stale(&shelf), 1);
        shelf.remove_target(&key("/a"));
        assert_eq!((shelf.len(), shelf.used_bytes(), shelf.live("shop", 0)), (0, 0, 0));
    });
}

#[test]
fn a_body_that_two_entries_share_is_paid_once_and_given_back_once() {
    check(|| {
        let shelf = Arc::new(Shelf::new(BUDGET).with_max_object(BUDGET));
        shelf.put(key("/a"), entry(1_000), &shelf.begin());
        let renew = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                for old in shelf.variants(&key("/a")) {
                    let again: Entry = old.expired();
                    shelf.put(key("/a"), again, &shelf.begin());
                    is_kept(&shelf);
                }
            })
        };
        let crowd_out = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                shelf.put(key("/b"), entry(3_500), &shelf.begin());
                is_kept(&shelf);
            })
        };
        let purge = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                shelf.remove_target(&key("/a"));
                is_kept(&shelf);
            })
        };
        together(vec![renew, crowd_out, purge]);
        // Nobody holds anything: the whole budget is to be had again.
        let whole = shelf.put(key("/c"), entry(3_500), &shelf.begin());
        assert_eq!(whole, PutOutcome::Stored);
        for path in ["/a", "/b", "/c"] {
            shelf.remove(&key(path));
        }
        assert_eq!((shelf.used_bytes(), shelf.len()), (0, 0));
    });
}

#[test]
fn a_crowd_of_variants_keeps_the_accounts() {
    check(|| {
        // An eighth of it is less than a crowd takes, so that it is trimmed all the time.
        let shelf = Arc::new(Shelf::new(40_000));
        let put = |shelf: &Shelf, number: u8, size: usize| {
            shelf.put(key("/a"), variant(number, size), &shelf.begin());
            assert!(shelf.used_bytes() <= 40_000);
        };
        (0..16).for_each(|number| put(&shelf, number, 10));
        let grow = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                (14..19).for_each(|number| put(&shelf, number, 10));
            })
        };
        let look = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                for number in [3, 17] {
                    let held = shelf.stock(&key("/a"), &asking_for(number));
                    assert!(held.matching.len() <= 1);
                    put(&shelf, number, 20);
                }
            })
        };
        let purge = {
            let shelf = Arc::clone(&shelf);
            Box::new(move || {
                let tag = [SurrogateKey::new("tag").unwrap()];
                let gone = shelf.purge("shop", 0, &Purge::Keys(&tag), PurgeMode::Hard, 0);
                assert!(gone >= 16);
            })
        };
        together(vec![grow, look, purge]);
        assert_eq!(shelf.live("shop", 0), shelf.len() as u64);
        assert_eq!(shelf.indexed(), shelf.len());
        shelf.remove_target(&key("/a"));
        assert_eq!((shelf.used_bytes(), shelf.len(), shelf.indexed()), (0, 0, 0));
    });
}
