//! The shelf keeps its budget and what was put on it, whatever is put, renewed or taken away.

use http::{HeaderMap, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::receive::{Exchange, Received, receive};
use selvedge_cache::{
    ContentRange, Entry, Key, KeyRules, Override, Policy, PutOutcome, RequestView, ResponseView,
    Shelf, Times, partial,
};

use crate::support::{self, entry, headers, key, put};

/// What is done to the shelf at a path, for a variant.
#[derive(Debug, Clone)]
enum Act {
    Put(usize),
    PutPart(u64, usize),
    Renew(usize),
    Expire,
    Remove,
    RemoveTarget,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0usize..9_000).prop_map(Act::Put),
        4 => (0u64..5_000, 1usize..4_000).prop_map(|(start, len)| Act::PutPart(start, len)),
        2 => (0usize..3_000).prop_map(Act::Renew),
        1 => Just(Act::Expire),
        1 => Just(Act::Remove),
        1 => Just(Act::RemoveTarget),
    ]
}

fn stored(variant: u8, size: usize) -> Entry {
    entry(&[&format!("V: {variant}")], &["Vary: V", "ETag: \"a\""], 0, &vec![0; size])
}

/// What a 304 with a header of this size makes of an entry.
fn renewed(old: &Entry, request: &HeaderMap, size: usize) -> Option<Entry> {
    let more =
        headers(&["ETag: \"a\"", "Cache-Control: max-age=5", &format!("X: {}", "x".repeat(size))]);
    let exchange = Exchange {
        request: RequestView { method: &Method::GET, headers: request },
        candidates: std::slice::from_ref(old),
        policy: &Policy::rfc(),
        over: &Override::default(),
        times: Times { requested_at_ms: 1, received_at_ms: 1 },
    };
    let response = ResponseView { status: StatusCode::NOT_MODIFIED, headers: &more };
    match receive(&exchange, &response) {
        Received::Renewed(mut renewed) => Some(renewed.remove(0).entry),
        _ => None,
    }
}

fn perform(shelf: &Shelf, key: &Key, variant: u8, act: &Act) {
    let request = headers(&[&format!("V: {variant}")]);
    let found = || shelf.find(key, &request).into_iter().next();
    let new = match act {
        Act::Put(size) => Some(stored(variant, *size)),
        Act::PutPart(start, len) => {
            let whole = stored(variant, *len);
            let (head, body) = (whole.head.copy(), whole.body().clone());
            let bytes = *start..*start + *len as u64;
            let range = ContentRange { bytes, complete_length: Some(9_000) };
            let part = partial::part(head, body, &range).expect("as long as it says");
            Some(partial::absorb(part, &shelf.parts(key, &request)))
        }
        Act::Renew(size) => found().and_then(|old| renewed(&old, &request, *size)),
        Act::Expire => found().map(|old| old.expired()),
        Act::Remove => {
            shelf.remove(key);
            None
        }
        Act::RemoveTarget => {
            shelf.remove_target(key);
            None
        }
    };
    if let Some(entry) = new {
        put(shelf, key.clone(), entry);
    }
}

fn keyed(path: u8, cookie: u8) -> Key {
    let rules = KeyRules { add_cookies: vec!["c".to_owned()], ..KeyRules::default() };
    let path = format!("/{path}");
    match cookie {
        0 => key(&path),
        _ => {
            let request = headers(&[&format!("Cookie: c={cookie}")]);
            Key::with_rules("shop", "shop.localhost", &path, &rules, &request)
        }
    }
}

proptest! {
    #[test]
    fn a_shelf_never_exceeds_its_budget(
        budget in 0u64..100_000,
        acts in prop::collection::vec((0u8..6, 0u8..3, 0u8..4, act()), 0..80),
    ) {
        let shelf = Shelf::new(budget);
        for (path, cookie, variant, act) in acts {
            perform(&shelf, &keyed(path, cookie), variant, &act);
            prop_assert!(shelf.used_bytes() <= budget, "{:?}", act);
            prop_assert_eq!(shelf.used_bytes() == 0, shelf.is_empty());
        }
        for path in 0..6 {
            shelf.remove_target(&keyed(path, 0));
        }
        prop_assert_eq!((shelf.used_bytes(), shelf.len()), (0, 0));
    }

    #[test]
    fn what_was_put_is_found(
        before in prop::collection::vec((0u8..5, 0u8..5), 0..30),
        path in 0u8..5,
        variant in 0u8..5,
    ) {
        let shelf = Shelf::new(50_000);
        let put = |path: u8, variant: u8, body: &[u8]| {
            let request = format!("V: {variant}");
            support::put(&shelf, key(&format!("/{path}")), entry(&[&request], &["Vary: V"], 0, body))
        };
        for (path, variant) in before {
            put(path, variant, b"before");
        }
        prop_assert_eq!(put(path, variant, b"last"), PutOutcome::Stored);
        let found = shelf.find(&key(&format!("/{path}")), &headers(&[&format!("V: {variant}")]));
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].body().chunks()[0][..], b"last");
    }

    #[test]
    fn a_target_goes_as_a_whole_and_alone(
        puts in prop::collection::vec((0u8..4, 0u8..4), 0..40),
        path in 0u8..4,
        cookie in 0u8..4,
    ) {
        let shelf = Shelf::new(100_000_000);
        for (path, cookie) in &puts {
            put(&shelf, keyed(*path, *cookie), stored(0, 5));
        }
        shelf.remove_target(&keyed(path, cookie));
        for (other, cookie) in puts {
            prop_assert_eq!(shelf.known(&keyed(other, cookie)), other != path);
        }
    }
}
