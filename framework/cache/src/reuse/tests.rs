//! What a stored response may do for a request, second by second.

use http::HeaderMap;

use super::{Reuse, ValidateReason, reuse};
use crate::policy::Policy;
use crate::request::RequestDirectives;
use crate::sample::{NOW, headers, stored};
use crate::stale::StalePermission::{self, MaxStale, WhileRevalidate};

fn at(second: u64, response: &str, request: &str) -> Reuse {
    let policy = Policy { request_directives: true, ..Policy::rfc() };
    let head = stored(&[&format!("Cache-Control: {response}"), "ETag: \"a\""], &policy);
    let request: HeaderMap = headers(&[&format!("Cache-Control: {request}")]);
    reuse(&head, &RequestDirectives::of(&request, &policy), NOW + second * 1000)
}

fn fresh(age: u64, ttl: u64) -> Reuse {
    Reuse::Fresh { age_ms: age * 1000, ttl_ms: ttl * 1000 }
}

fn stale(permission: StalePermission, age: u64, late: u64) -> Reuse {
    Reuse::Stale { permission, age_ms: age * 1000, late_ms: late * 1000 }
}

const STALE: Reuse = Reuse::Validate(ValidateReason::Stale);
const REQUESTED: Reuse = Reuse::Validate(ValidateReason::Requested);

#[test]
fn responses_by_themselves() {
    let no_cache = Reuse::Validate(ValidateReason::NoCache);
    let table = [
        (0, "max-age=10", fresh(0, 10)),
        (9, "max-age=10", fresh(9, 1)),
        (10, "max-age=10", STALE),
        (1, "max-age=10, no-cache", no_cache),
        (1, "max-age=10, no-cache=\"a\"", fresh(1, 9)),
        (10, "max-age=10, stale-while-revalidate=5", stale(WhileRevalidate, 10, 0)),
        (15, "max-age=10, stale-while-revalidate=5", stale(WhileRevalidate, 15, 5)),
        (16, "max-age=10, stale-while-revalidate=5", STALE),
        (10, "max-age=10, stale-while-revalidate=0", STALE),
        (11, "s-maxage=10, stale-while-revalidate=5", stale(WhileRevalidate, 11, 1)),
        (11, "max-age=10, stale-while-revalidate=5, must-revalidate", STALE),
        (11, "max-age=10, stale-while-revalidate=5, proxy-revalidate", STALE),
        (11, "max-age=10, stale-if-error=5", STALE),
    ];
    for (second, response, expected) in table {
        assert_eq!(at(second, response, "x"), expected, "{second} {response}");
    }
}

#[test]
fn requests_with_a_wish() {
    let table = [
        (1, "max-age=10", "no-cache", REQUESTED),
        (1, "max-age=10", "no-store", fresh(1, 9)),
        (1, "max-age=10", "max-age=1", fresh(1, 9)),
        (2, "max-age=10", "max-age=1", REQUESTED),
        (1, "max-age=10", "min-fresh=9", fresh(1, 9)),
        (2, "max-age=10", "min-fresh=9", REQUESTED),
        (1, "max-age=10, immutable", "max-age=0", fresh(1, 9)),
        (1, "max-age=10, immutable", "no-cache", REQUESTED),
        (11, "max-age=10, immutable", "max-age=0", STALE),
        (12, "max-age=10", "max-stale", stale(MaxStale, 12, 2)),
        (12, "max-age=10", "max-stale=2", stale(MaxStale, 12, 2)),
        (13, "max-age=10", "max-stale=2", STALE),
        (12, "max-age=10", "max-stale, max-age=11", STALE),
        (12, "max-age=10", "max-stale, max-age=12", stale(MaxStale, 12, 2)),
        (12, "s-maxage=10", "max-stale", STALE),
        (12, "max-age=10, must-revalidate", "max-stale", STALE),
        (12, "max-age=10, no-cache", "max-stale", Reuse::Validate(ValidateReason::NoCache)),
        (12, "max-age=10, stale-while-revalidate=5", "max-stale", stale(WhileRevalidate, 12, 2)),
        (12, "max-age=10, stale-while-revalidate=5", "max-age=20", STALE),
        (12, "max-age=10, stale-while-revalidate=5", "min-fresh=1", STALE),
    ];
    for (second, response, request, expected) in table {
        assert_eq!(at(second, response, request), expected, "{second} {response} | {request}");
    }
}
