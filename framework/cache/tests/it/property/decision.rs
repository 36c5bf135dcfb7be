//! Nothing answers that is neither fresh nor permitted to be stale, or that was stored for another request.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::decide::{Step, decide};
use selvedge_cache::receive::{Exchange, instead};
use selvedge_cache::{
    ContentRange, Entry, Failure, Key, Override, Policy, RequestView, ResponseView, Shelf,
    StalePermission, StoredHead, Times, Verdict, partial, storable,
};

use crate::support::{self, body, headers, key};

const NOW: u64 = 784_111_777_000;

#[rustfmt::skip]
const RESPONSES: [&str; 16] = [
    "max-age=10", "max-age=0", "max-age=10, must-revalidate", "max-age=10, no-cache", "s-maxage=10",
    "max-age=10, stale-while-revalidate=10", "s-maxage=10, stale-while-revalidate=10", "max-age=10, stale-if-error=10",
    "s-maxage=10, stale-if-error=10, stale-while-revalidate=5", "max-age=10, proxy-revalidate", "max-age=10, immutable",
    "max-age=5, stale-while-revalidate=10, must-revalidate", "max-age=10, stale-if-error=10, no-cache", "public",
    "max-age=x", "max-age=10, max-age=20",
];

#[rustfmt::skip]
const REQUESTS: [&str; 12] = [
    "Cache-Control: max-stale", "Cache-Control: max-stale=5", "Cache-Control: min-fresh=5", "Cache-Control: max-age=3",
    "Cache-Control: only-if-cached", "Cache-Control: no-cache", "Pragma: no-cache", "If-None-Match: \"a\"",
    "If-Match: \"a\"", "Range: bytes=2-4", "Range: bytes=0-", "X: none",
];

/// An entry of variant `v`, whole or a part, that came some time before now.
type Stored = (&'static str, u8, bool, u64);

fn put(shelf: &Shelf, key: &Key, (control, v, is_part, before_ms): Stored) {
    let (request, at_ms) = (headers(&[&format!("V: {v}")]), NOW - before_ms);
    let response = headers(&["ETag: \"a\"", "Vary: V", &format!("Cache-Control: {control}")]);
    let request = RequestView { method: &Method::GET, headers: &request };
    let response = ResponseView { status: StatusCode::OK, headers: &response };
    let times = Times { requested_at_ms: at_ms, received_at_ms: at_ms };
    let fresh = storable(&request, &response, &Policy::rfc(), &Override::default(), times);
    let head = StoredHead::new(&request, &response, fresh.expect("it has a tag"), at_ms);
    let head = head.expect("no star");
    let range = ContentRange { bytes: 2..5, complete_length: Some(10) };
    let entry = match is_part {
        true => partial::part(head, body(b"234"), &range).expect("as long as it says"),
        false => Entry::new(head, body(b"0123456789")),
    };
    support::put(shelf, key.clone(), entry);
}

/// Reckoned anew from the head: how long ago it expired, `None` while it is fresh.
fn late_ms(entry: &Entry) -> Option<u64> {
    let age_ms = entry.head.freshness().initial_age_ms + (NOW - entry.head.received_at_ms);
    age_ms.checked_sub(entry.head.freshness().lifetime_ms)
}

fn may_answer(entry: &Entry, verdict: Verdict, policy: &Policy) -> bool {
    let fresh = &entry.head.freshness();
    let rules = &fresh.stale;
    match (verdict, late_ms(entry)) {
        _ if fresh.always_validate => false,
        (Verdict::Hit, None) => true,
        (Verdict::Stale(StalePermission::WhileRevalidate), Some(late_ms)) => {
            !rules.forbidden && late_ms <= rules.while_revalidate_ms
        }
        (Verdict::Stale(StalePermission::MaxStale), Some(_)) => {
            policy.request_directives && !rules.forbidden && !rules.implicit_forbidden
        }
        _ => false,
    }
}

/// Whether this may stand in for the origin, which has failed.
fn may_stand_in(entry: &Entry, permission: StalePermission, policy: &Policy) -> bool {
    let rules = &entry.head.freshness().stale;
    let late_ms = late_ms(entry).unwrap_or(0);
    let bridge_ms = policy.stale_if_disconnected.as_millis() as u64;
    let window_ms = match permission {
        StalePermission::WhileRevalidate => rules.while_revalidate_ms,
        StalePermission::IfError => rules.if_error_ms,
        StalePermission::Disconnected if rules.implicit_forbidden => 0,
        StalePermission::Disconnected => bridge_ms,
        StalePermission::MaxStale => 0,
    };
    !rules.forbidden && window_ms > 0 && late_ms <= window_ms
}

fn check(step: Step, request: &RequestView<'_>, policy: &Policy) {
    match step {
        Step::Serve { entry, verdict, refresh } => {
            assert!(
                may_answer(&entry, verdict, policy),
                "{verdict:?} {:?}",
                entry.head.freshness()
            );
            assert!(entry.head.variant.matches(request.headers));
            assert!(partial::covers(&entry, request.method, request.headers));
            let revalidates = verdict == Verdict::Stale(StalePermission::WhileRevalidate);
            assert!(refresh == (revalidates && entry.is_whole()));
            assert!(!request.headers.contains_key("if-match"));
        }
        Step::Forward { candidates, .. } => check_failed(&candidates, request, policy),
        Step::OnlyIfCached => assert!(policy.request_directives),
    }
}

fn check_failed(candidates: &[Entry], request: &RequestView<'_>, policy: &Policy) {
    let (over, times) = (Override::default(), Times { requested_at_ms: NOW, received_at_ms: NOW });
    let exchange = Exchange { request: *request, candidates, policy, over: &over, times };
    assert!(candidates.iter().all(|entry| entry.is_whole()));
    for failure in [Failure::Disconnected, Failure::Status(StatusCode::BAD_GATEWAY)] {
        if let Some((entry, permission)) = instead(&exchange, failure) {
            assert!(may_stand_in(&entry, permission, policy), "{permission:?} {failure:?}");
            assert!(entry.head.variant.matches(request.headers));
            assert!(failure == Failure::Disconnected || permission == StalePermission::IfError);
        }
    }
    assert!(instead(&exchange, Failure::Status(StatusCode::NOT_FOUND)).is_none());
}

proptest! {
    #[test]
    fn only_what_is_fresh_or_permitted_answers(
        stored in prop::collection::vec(
            (prop::sample::select(RESPONSES.to_vec()), 0u8..3, any::<bool>(), 0u64..25_000),
            0..6,
        ),
        asked in prop::collection::vec(prop::sample::select(REQUESTS.to_vec()), 0..3),
        v in 0u8..3,
        listens in any::<bool>(),
        bridge in 0u64..30,
        is_head in any::<bool>(),
    ) {
        let shelf = Shelf::new(1_000_000);
        stored.into_iter().for_each(|stored| put(&shelf, &key("/a"), stored));
        let stale_if_disconnected = Duration::from_secs(bridge);
        let policy = Policy { request_directives: listens, stale_if_disconnected, ..Policy::rfc() };
        let mut request: HeaderMap = headers(&[&format!("V: {v}")]);
        request.extend(headers(&asked));
        let method = if is_head { Method::HEAD } else { Method::GET };
        let view = RequestView { method: &method, headers: &request };
        let step = decide(&view, shelf.stock(&key("/a"), &request), &policy, NOW);
        check(step, &view, &policy);
    }
}
