use http::header::{AGE, ETAG};

use super::*;
use crate::sample::{NOW, entry, headers, shared};

const MODIFIED: &str = "Last-Modified: Sun, 06 Nov 1994 07:00:00 GMT";
const CHANGED: &str = "Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT";
const OLD: &str = "Date: Sun, 06 Nov 1994 08:00:00 GMT";
const NEW: &str = "Date: Sun, 06 Nov 1994 08:30:00 GMT";

/// The candidates' headers, those of the 304, and the places of the entries that it is about.
type Case = (&'static [&'static [&'static str]], &'static [&'static str], &'static [usize]);

#[test]
fn which_entries_are_meant() {
    let table: [Case; 13] = [
        (&[&["ETag: \"a\""]], &["ETag: \"a\""], &[0]),
        (&[&["ETag: \"a\""], &["ETag: \"b\""], &["ETag: \"a\""]], &["ETag: \"a\""], &[0, 2]),
        (&[&["ETag: \"a\""]], &["ETag: \"b\""], &[]),
        (&[&["ETag: W/\"a\""]], &["ETag: \"a\""], &[]),
        (&[&["ETag: W/\"a\"", OLD], &["ETag: W/\"a\"", NEW]], &["ETag: W/\"a\""], &[1]),
        (&[&["ETag: \"a\""]], &["ETag: W/\"a\""], &[0]),
        (&[&["ETag: W/\"b\""]], &["ETag: W/\"a\""], &[]),
        (&[&[MODIFIED, NEW], &[MODIFIED, OLD], &[CHANGED]], &[MODIFIED], &[0]),
        (&[&[MODIFIED]], &[CHANGED], &[]),
        (&[&[]], &[], &[0]),
        (&[&["ETag: \"a\""]], &[], &[0]),
        (&[&[], &[]], &[], &[]),
        (&[&["ETag: \"a\"", MODIFIED]], &["ETag: \"b\"", MODIFIED], &[]),
    ];
    for (candidates, not_modified, expected) in table {
        let candidates: Vec<_> = candidates.iter().map(|lines| shared(lines)).collect();
        let meant = selected(&candidates, &headers(not_modified), 0);
        let expected: Vec<_> = expected.iter().map(|at| candidates[*at].address()).collect();
        let meant: Vec<_> = meant.iter().map(Entry::address).collect();
        assert_eq!(meant, expected, "{not_modified:?}");
    }
    assert!(selected(&[], &headers(&[]), 0).is_empty());
}

#[test]
fn headers_are_merged() {
    // Stored, those of the 304, and the outcome.
    let table: [(&[&str], &[&str], &[&str]); 6] = [
        (&["A: 1", "B: 1"], &["B: 2", "C: 2"], &["A: 1", "B: 2", "C: 2"]),
        (&["A: 1", "A: 2"], &["A: 3"], &["A: 3"]),
        (&["A: 1"], &["A: 2", "A: 3"], &["A: 2", "A: 3"]),
        (
            &["Content-Length: 10", "Content-Type: a"],
            &["Content-Length: 0", "Content-Range: bytes 0-1/2", "Content-Type: b"],
            &["Content-Length: 10", "Content-Type: b"],
        ),
        (
            &["A: 1", "X-Hop: 1"],
            &["Connection: X-Hop", "X-Hop: 2", "Keep-Alive: 5"],
            &["A: 1", "X-Hop: 1"],
        ),
        (&[OLD], &["Age: 5"], &["Age: 5"]),
    ];
    for (stored, newer, expected) in table {
        let merged = merged_headers(&headers(stored), &headers(newer));
        assert_eq!(merged, headers(expected), "{stored:?} {newer:?}");
    }
}

#[test]
fn an_update_begins_a_new_life_with_the_same_body() {
    let stored = entry(&["ETag: \"a\"", OLD, "X: 1"]);
    stored.head.count_hit();
    let later = NOW + 90_000;
    let freshness = Freshness { initial_age_ms: 5_000, ..stored.head.freshness() };
    let update = updated(&stored, &headers(&["Age: 5", "X: 2"]), freshness, later);
    assert_eq!(update.head.headers()["x"], "2");
    assert_eq!(update.head.headers()[ETAG], "\"a\"");
    assert_eq!(update.head.headers()[DATE], "Sun, 06 Nov 1994 08:51:07 GMT");
    assert!(!update.head.headers().contains_key(AGE));
    assert_eq!((update.head.age_ms(later), update.head.hits()), (5_000, 1));
    assert_eq!(update.head.made_at_ms(), later);
    assert!(update.body().is_shared_with(stored.body()));
}

#[test]
fn a_variant_can_serve_another_request() {
    let stored = entry(&["Vary: L"]);
    let french = headers(&["L: fr"]);
    assert!(!stored.head.variant.matches(&french));
    let french_too = for_request(&stored, &french).unwrap();
    assert!(french_too.head.variant.matches(&french));
    let star = updated(&stored, &headers(&["Vary: *"]), stored.head.freshness(), NOW);
    assert!(for_request(&star, &french).is_err());
}
