use http::HeaderValue;
use selvedge_model::key::{CacheKey, CacheSpace};

use super::*;
use crate::key::Key;

const NOW: u64 = 1_000_000;

fn said(max_age_ms: u64, initial_age_ms: u64, stale_while_revalidate_ms: u64) -> Said {
    Said { max_age_ms, initial_age_ms, stale_while_revalidate_ms, ..Said::default() }
}

#[test]
fn both_ends_of_a_life_are_exclusive() {
    let head = said(10, 2, 5).insert(&HeaderMap::new(), NOW);
    for (after_ms, expected) in [
        (0, Life::Fresh),
        (7, Life::Fresh),
        (8, Life::Stale),
        (12, Life::Stale),
        (13, Life::Expired),
    ] {
        assert_eq!(life(&head, NOW + after_ms), expected, "{after_ms}");
    }
}

#[test]
fn what_has_no_lifetime_is_expired_at_once() {
    for (max_age, age, window) in [(0, 0, 0), (5, 5, 0), (5, 9, 4)] {
        let head = said(max_age, age, window).insert(&HeaderMap::new(), NOW);
        assert_eq!(life(&head, NOW), Life::Expired);
    }
    let forever = said(u64::MAX, 0, u64::MAX).insert(&HeaderMap::new(), NOW);
    assert_eq!(life(&forever, u64::MAX), Life::Fresh);
}

#[test]
fn after_a_soft_purge_the_window_runs_from_it() {
    let head = said(100, 0, 10).insert(&HeaderMap::new(), NOW);
    head.outdate(NOW + 50);
    assert_eq!(life(&head, NOW + 49), Life::Fresh);
    assert_eq!(life(&head, NOW + 59), Life::Stale);
    assert_eq!(life(&head, NOW + 60), Life::Expired);
}

#[test]
fn an_update_keeps_what_selects_and_what_is_purged_by() {
    let german = HeaderMap::from_iter([(http::header::ACCEPT, HeaderValue::from_static("de"))]);
    let key = SurrogateKey::new("tag").unwrap();
    let old = Said {
        vary_by: Some(vec![http::header::ACCEPT]),
        surrogate_keys: Some(vec![key]),
        user_metadata: Bytes::from_static(b"old"),
        ..said(10, 0, 5)
    };
    let old = old.insert(&german, NOW);
    old.count_hit();
    let new = said(20, 1, 0).update(&old, &german, NOW + 12);
    assert_eq!(new.surrogate_keys().collect::<Vec<_>>(), ["tag"]);
    assert!(new.variant == old.variant && !new.variant.matches(&HeaderMap::new()));
    assert_eq!((new.user_metadata(), new.hits(), new.age_ms(NOW + 12)), (Bytes::new(), 1, 1));
    assert_eq!(life(&new, NOW + 12 + 18), Life::Fresh);
    assert_eq!(life(&new, NOW + 12 + 19), Life::Expired);
    let none =
        Said { vary_by: Some(Vec::new()), surrogate_keys: Some(Vec::new()), ..said(1, 0, 0) };
    let none = none.update(&old, &german, NOW);
    assert!(none.variant.is_universal() && none.surrogate_keys().next().is_none());
}

#[test]
fn a_range_is_inside_or_it_is_the_whole() {
    let known = |from, to| slice(from, to, Some(10), IfUnknown::Whole);
    for (from, to, given) in [
        (None, None, Ok(None)),
        (Some(0), Some(0), Ok(Some(0..1))),
        (Some(3), Some(9), Ok(Some(3..10))),
        (Some(3), None, Ok(Some(3..10))),
        (None, Some(4), Ok(Some(6..10))),
        (None, Some(10), Ok(Some(0..10))),
        (None, Some(11), Ok(None)),
        (None, Some(0), Ok(None)),
        (Some(3), Some(10), Ok(None)),
        (Some(10), None, Ok(None)),
        (Some(0), Some(u64::MAX), Ok(None)),
        (Some(4), Some(3), Err(Backwards)),
        (Some(99), Some(98), Err(Backwards)),
    ] {
        assert_eq!(known(from, to), given, "{from:?} {to:?}");
    }
}

#[test]
fn where_the_length_is_unknown_a_range_counts_only_if_that_is_wanted() {
    for (from, to, wanted) in [
        (Some(3), Some(9), Some(3..10)),
        (Some(3), None, Some(3..u64::MAX)),
        (None, Some(4), None),
        (None, None, None),
    ] {
        assert_eq!(slice(from, to, None, IfUnknown::Whole), Ok(None));
        assert_eq!(slice(from, to, None, IfUnknown::Range), Ok(wanted));
    }
    assert_eq!(slice(Some(2), Some(1), None, IfUnknown::Whole), Err(Backwards));
}

#[test]
fn no_two_keys_are_the_same() {
    let key = |space, bytes: &[u8]| Key::of_object("shop", space, &CacheKey::new(bytes).unwrap());
    let keys = [
        key(CacheSpace::Core, b""),
        key(CacheSpace::Core, b"/"),
        key(CacheSpace::Simple, b"/"),
        key(CacheSpace::Core, &[0xc3, 0xa9]),
        key(CacheSpace::Core, &[0xe9]),
        Key::of_object("shopcore", CacheSpace::Core, &CacheKey::new(b"").unwrap()),
        Key::new("shop", "", "/"),
        Key::new("shop", "", "core:/"),
        Key::new("shop", "core:", "/"),
        Key::new("shop", "", ""),
    ];
    // The empty path is `/`.
    assert_eq!(keys[6], keys[9]);
    for (at, one) in keys[..9].iter().enumerate() {
        assert!(keys[..at].iter().all(|other| other != one && !other.same_target(one)), "{one}");
    }
}
