//! Decisions about requests in single cases: what wins over what.

use http::{HeaderMap, Method, StatusCode};
use selvedge_cache::decide::{Step, Stock, decide};
use selvedge_cache::receive::{Exchange, Received, receive};
use selvedge_cache::{
    ContentRange, Entry, NoStore, Override, Policy, RequestView, ResponseView, Times, answer,
    partial, storable,
};

use crate::support::{entry, headers};

const LISTENING: Policy = Policy { request_directives: true, ..Policy::rfc() };

fn word(step: &Step) -> &'static str {
    match step {
        Step::Serve { verdict, .. } => verdict.as_str(),
        Step::Forward { reason, .. } => reason.as_str(),
        Step::OnlyIfCached => "only-if-cached",
    }
}

/// What is decided on a GET with these headers while one fresh entry is stored, or none.
fn decided(stored: Option<Entry>, request: &[&str], policy: &Policy) -> &'static str {
    let matching = stored.into_iter().collect();
    let (headers, stock) = (headers(request), Stock { matching, ..Stock::default() });
    let request = RequestView { method: &Method::GET, headers: &headers };
    word(&decide(&request, stock, policy, 1))
}

/// A client that wants nothing from the origin gets nothing from it, whatever its conditions are (RFC 9111 section
/// 5.2.1.7).
#[test]
fn only_if_cached_is_never_forwarded() {
    let only = "Cache-Control: only-if-cached";
    let fresh = || Some(entry(&[], &["ETag: \"a\""], 0, b"x"));
    assert_eq!(decided(fresh(), &[only], &LISTENING), "hit");
    assert_eq!(decided(None, &[only], &LISTENING), "only-if-cached");
    assert_eq!(decided(fresh(), &[only, "If-Match: \"a\""], &LISTENING), "only-if-cached");
    assert_eq!(decided(fresh(), &[only, "If-Match: \"a\""], &Policy::rfc()), "request");
    assert_eq!(decided(None, &[only], &Policy::rfc()), "uri-miss");
}

/// The most specific word that is true (RFC 9211 section 2.2).
#[test]
fn conditions_for_the_origin_have_the_reason_of_what_is_stored() {
    let guarded = "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT";
    let stored = |control| Some(entry(&[], &["ETag: \"a\"", control], 0, b"x"));
    assert_eq!(decided(None, &[guarded], &Policy::rfc()), "uri-miss");
    assert_eq!(decided(stored("X: none"), &[guarded], &Policy::rfc()), "request");
    assert_eq!(decided(stored("Cache-Control: no-cache"), &[guarded], &Policy::rfc()), "stale");
}

/// Overlapping ranges of a part must not multiply what is sent, even where the length of the whole is unknown (RFC
/// 9110 section 17.15).
#[test]
fn a_part_is_not_multiplied() {
    let whole = entry(&[], &["ETag: \"a\""], 0, b"01234");
    let (head, body) = (whole.head.copy(), whole.body().clone());
    let range = ContentRange { bytes: 0..5, complete_length: None };
    let part = partial::part(head, body, &range).expect("as long as it says");
    let covers = |range: &str| partial::covers(&part, &Method::GET, &headers(&[range]));
    assert!(covers("Range: bytes=0-4") && covers("Range: bytes=0-1,3-4"));
    assert!(!covers("Range: bytes=0-4,0-4") && !covers("Range: bytes=0-5"));
}

/// A validator that is left out of what is stored cannot make it worth storing (RFC 9111 section 5.2.2.4).
#[test]
fn a_withheld_validator_is_none() {
    let none = HeaderMap::new();
    let request = RequestView { method: &Method::GET, headers: &none };
    let times = Times { requested_at_ms: 0, received_at_ms: 0 };
    let judged = |control: &str| {
        let headers = headers(&["ETag: \"a\"", control]);
        let response = ResponseView { status: StatusCode::OK, headers: &headers };
        let judged = storable(&request, &response, &Policy::rfc(), &Override::default(), times);
        judged.map(|fresh| fresh.lifetime_ms)
    };
    assert_eq!(judged("Cache-Control: max-age=0"), Ok(0));
    assert_eq!(judged("Cache-Control: max-age=0, no-cache=\"etag\""), Err(NoStore::Expired));
}

/// What answers after a 304 to an entry that came at 0 with `Age: 100`: its age then, and whether it is kept.
fn renewed(not_modified: &[&str]) -> (String, bool) {
    let stored = ["ETag: \"a\"", "Age: 100", "Date: Thu, 01 Jan 1970 00:00:00 GMT"];
    let candidates = [entry(&[], &stored, 0, b"x")];
    let (none, headers) = (HeaderMap::new(), headers(not_modified));
    let exchange = Exchange {
        request: RequestView { method: &Method::GET, headers: &none },
        candidates: &candidates,
        policy: &Policy::rfc(),
        over: &Override::default(),
        times: Times { requested_at_ms: 10_000, received_at_ms: 10_000 },
    };
    let response = ResponseView { status: StatusCode::NOT_MODIFIED, headers: &headers };
    let Received::Renewed(renewed) = receive(&exchange, &response) else { panic!("not renewed") };
    let age = answer(&renewed[0].entry, &Method::GET, &none, 10_000).headers["age"].clone();
    (age.to_str().expect("digits").to_owned(), renewed[0].keep.is_ok())
}

/// The age is that of the validation (RFC 9111 section 4.2.3), also of one in the same second as what is stored.
#[test]
fn how_old_a_304_makes_it() {
    let (tag, same) = ("ETag: \"a\"", "Date: Thu, 01 Jan 1970 00:00:00 GMT");
    let (fresh, newer) = ("Cache-Control: max-age=5", "Date: Thu, 01 Jan 1970 00:00:09 GMT");
    let table = [
        (vec![tag, fresh], ("0", true)),
        (vec![tag, fresh, newer], ("1", true)),
        (vec![tag, fresh, newer, "Age: 3"], ("3", true)),
        (vec![tag, fresh, same], ("10", true)),
        (vec![tag, fresh, same, "Age: 300"], ("300", true)),
        (vec![tag, "Cache-Control: no-store", newer], ("1", false)),
        (vec![tag, "Cache-Control: no-store", same], ("10", false)),
    ];
    for (lines, (age, keep)) in table {
        assert_eq!(renewed(&lines), (age.to_owned(), keep), "{lines:?}");
    }
}
