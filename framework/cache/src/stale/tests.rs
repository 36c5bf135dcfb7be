//! Permissions to answer when the origin has failed.

use std::time::Duration;

use http::StatusCode;

use super::{Failure, StalePermission, StaleRules, may_serve_stale};
use crate::control::CacheControl;
use crate::policy::{Override, Policy};
use crate::sample::{NOW, headers, stored};

const GONE: Failure = Failure::Disconnected;
const ERROR: Failure = Failure::Status(StatusCode::SERVICE_UNAVAILABLE);
const ANSWER: Failure = Failure::Status(StatusCode::NOT_FOUND);

/// Each response has a lifetime of ten seconds and no age on arrival.
#[test]
fn permissions_by_directive_and_time() {
    use StalePermission::{Disconnected, IfError, WhileRevalidate};
    let table = [
        ("max-age=10", GONE, 20, Some(Disconnected)),
        ("max-age=10", GONE, 3_610, Some(Disconnected)),
        ("max-age=10", GONE, 3_611, None),
        ("max-age=10", ERROR, 20, None),
        ("max-age=10, must-revalidate", GONE, 20, None),
        ("max-age=10, proxy-revalidate", GONE, 20, None),
        ("max-age=10, no-cache", GONE, 5, None),
        ("s-maxage=10", GONE, 20, None),
        ("s-maxage=10, stale-if-error=60", GONE, 20, Some(IfError)),
        ("s-maxage=10, stale-while-revalidate=60", GONE, 20, Some(WhileRevalidate)),
        ("max-age=10, stale-if-error=60", ERROR, 70, Some(IfError)),
        ("max-age=10, stale-if-error=60", ERROR, 71, None),
        ("max-age=10, stale-if-error=60", GONE, 71, Some(Disconnected)),
        ("max-age=10, stale-if-error=60", ANSWER, 20, None),
        ("max-age=10, stale-if-error=60, must-revalidate", ERROR, 20, None),
        ("max-age=10, stale-if-error=0", ERROR, 10, None),
        ("max-age=10, stale-if-error=x", ERROR, 10, None),
        ("max-age=10, stale-while-revalidate=60", ERROR, 20, None),
    ];
    for (value, failure, at, expected) in table {
        let head = stored(&[&format!("Cache-Control: {value}"), "ETag: \"a\""], &Policy::rfc());
        let permission = may_serve_stale(&head, &Policy::rfc(), failure, NOW + at * 1000);
        assert_eq!(permission, expected, "{value} {failure:?} {at}");
    }
}

#[test]
fn the_strict_reading_lets_s_maxage_win() {
    let policy = Policy { strict: true, ..Policy::rfc() };
    let lines = ["Cache-Control: s-maxage=10, stale-if-error=60, stale-while-revalidate=60"];
    for failure in [GONE, ERROR] {
        let head = stored(&lines, &policy);
        assert_eq!(may_serve_stale(&head, &policy, failure, NOW + 20_000), None);
    }
}

#[test]
fn fastly_serves_stale_only_where_the_origin_said_so_and_is_gone() {
    let policy = Policy::fastly();
    let plain = stored(&["Cache-Control: max-age=10"], &policy);
    let said = stored(&["Cache-Control: max-age=10, stale-if-error=60"], &policy);
    let may = |head, failure| may_serve_stale(head, &policy, failure, NOW + 20_000);
    assert_eq!(may(&plain, GONE), None);
    assert_eq!(may(&said, ERROR), None);
    assert_eq!(may(&said, GONE), Some(StalePermission::IfError));
}

#[test]
fn an_override_replaces_what_the_response_says() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let over = Override {
        stale_if_error: seconds(7),
        stale_while_revalidate: seconds(0),
        ..Override::default()
    };
    let lines = headers(&["Cache-Control: stale-if-error=1, stale-while-revalidate=1"]);
    let control = CacheControl::parse(&lines, "cache-control");
    let rules = StaleRules::of(&control, &Policy::rfc(), &over);
    assert_eq!((rules.if_error_ms, rules.while_revalidate_ms), (7_000, 0));
}
