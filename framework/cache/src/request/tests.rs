//! What requests ask for, and who listens.

use std::time::Duration;

use super::{MaxStale, RequestDirectives};
use crate::policy::Policy;
use crate::sample::headers;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn directives_as_read() {
    let none = RequestDirectives::default();
    let table = [
        ("Cache-Control: anything", none),
        ("Cache-Control: No-Cache", RequestDirectives { no_cache: true, ..none }),
        ("Cache-Control: no-store", RequestDirectives { no_store: true, ..none }),
        ("Cache-Control: only-if-cached", RequestDirectives { only_if_cached: true, ..none }),
        ("Cache-Control: max-age=5", RequestDirectives { max_age: Some(seconds(5)), ..none }),
        (
            "Cache-Control: max-age=5, max-age=3",
            RequestDirectives { max_age: Some(seconds(3)), ..none },
        ),
        ("Cache-Control: max-age=soon", RequestDirectives { max_age: Some(seconds(0)), ..none }),
        ("Cache-Control: min-fresh=5", RequestDirectives { min_fresh: Some(seconds(5)), ..none }),
        ("Cache-Control: min-fresh=x", none),
        ("Cache-Control: max-stale", RequestDirectives { max_stale: MaxStale::Any, ..none }),
        (
            "Cache-Control: max-stale=5",
            RequestDirectives { max_stale: MaxStale::Within(seconds(5)), ..none },
        ),
        ("Cache-Control: max-stale=x", none),
        ("Pragma: no-cache", RequestDirectives { no_cache: true, ..none }),
        ("Pragma: foo", none),
    ];
    let policy = Policy { request_directives: true, ..Policy::rfc() };
    for (line, expected) in table {
        assert_eq!(RequestDirectives::of(&headers(&[line]), &policy), expected, "{line}");
    }
}

#[test]
fn pragma_is_for_those_without_cache_control() {
    let policy = Policy { request_directives: true, ..Policy::rfc() };
    let both = headers(&["Pragma: no-cache", "Cache-Control: max-age=5"]);
    assert!(!RequestDirectives::of(&both, &policy).no_cache);
}

#[test]
fn nobody_listens_by_default_but_to_no_store() {
    let all =
        headers(&["Cache-Control: no-cache, no-store, only-if-cached, max-age=0, min-fresh=9"]);
    let expected = RequestDirectives { no_store: true, ..RequestDirectives::default() };
    for policy in [Policy::rfc(), Policy::fastly()] {
        assert_eq!(RequestDirectives::of(&all, &policy), expected);
    }
}
