//! A response is never fresh for longer than what decides about it says, nor may it be stale for longer.

use std::time::Duration;

use http::header::{CACHE_CONTROL, DATE, EXPIRES, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::targeted::targeted;
use selvedge_cache::when::{date_field, format_http_date};
use selvedge_cache::{
    CacheControl, Freshness, FreshnessSource, Override, Policy, RequestDirectives, RequestView,
    ResponseView, Reuse, StoredHead, SurrogateControl, Times, reuse, storable,
};

use super::headers::some_headers;

const NOW: u64 = 784_111_777_000;

/// The fields that may govern, the first that speaks of caching wins.
const FIELDS: [&str; 4] =
    ["selvedge-cdn-cache-control", "cdn-cache-control", "surrogate-control", "cache-control"];
const DIRECTIVES: [&str; 4] = ["max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"];

/// A field, one of its directives, and its number.
type Said = (usize, usize, u64);

fn response(said: &[Said], expires: &[i64], modified: Option<u64>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (field, directive, number) in said {
        let line = format!("{}={number}", DIRECTIVES[*directive]);
        headers.append(FIELDS[*field], line.parse().expect("a field value"));
    }
    let date = |ms: u64| HeaderValue::from_str(&format_http_date(ms)).expect("a date");
    for seconds in expires {
        headers.append(EXPIRES, date(NOW.saturating_add_signed(seconds * 1000)));
    }
    if let Some(seconds) = modified {
        headers.append(LAST_MODIFIED, date(NOW - seconds * 1000));
    }
    headers
}

/// The shortest that the field in question says in this directive; a dictionary forgets what it says twice.
fn shortest(said: &[Said], field: usize, directive: usize) -> Option<u64> {
    let mut numbers =
        said.iter().filter(|it| (it.0, it.1) == (field, directive)).map(|it| it.2 * 1000);
    if field < 2 { numbers.next_back() } else { numbers.min() }
}

/// The field that decides: `s-maxage` alone does not make `Surrogate-Control` speak of caching.
fn governing(said: &[Said]) -> usize {
    let speaks = |field: &usize| said.iter().any(|it| it.0 == *field && (it.0 != 2 || it.1 != 1));
    (0..3).find(speaks).unwrap_or(3)
}

/// What may be said at most by the source that decided.
fn allowed(source: FreshnessSource, headers: &HeaderMap, received_at_ms: u64) -> Option<u64> {
    let control = CacheControl::parse(headers, CACHE_CONTROL);
    let made = date_field(headers, DATE, received_at_ms).at().unwrap_or(received_at_ms);
    let date = |name: HeaderName| date_field(headers, name, received_at_ms).at();
    match source {
        FreshnessSource::SMaxAge => control.s_maxage.lifetime_ms(),
        FreshnessSource::MaxAge => control.max_age.lifetime_ms(),
        FreshnessSource::Expires => Some(date(EXPIRES).map_or(0, |at| at.saturating_sub(made))),
        FreshnessSource::Heuristic => {
            date(LAST_MODIFIED).map(|at| received_at_ms.saturating_sub(at) / 10)
        }
        FreshnessSource::SurrogateControl => SurrogateControl::parse(headers)
            .and_then(|field| field.directives().max_age.lifetime_ms()),
        FreshnessSource::Targeted => targeted(headers)
            .and_then(|control| control.s_maxage.lifetime_ms().or(control.max_age.lifetime_ms())),
        FreshnessSource::None => Some(0),
        FreshnessSource::Override | FreshnessSource::DefaultTtl | FreshnessSource::Object => None,
    }
}

fn judged(headers: &HeaderMap, policy: &Policy, received_at_ms: u64) -> Option<Freshness> {
    let request = RequestView { method: &Method::GET, headers: &HeaderMap::new() };
    let response = ResponseView { status: StatusCode::OK, headers };
    let times = Times { requested_at_ms: received_at_ms, received_at_ms };
    storable(&request, &response, policy, &Override::default(), times).ok()
}

proptest! {
    #[test]
    fn no_single_source_is_exceeded(
        said in prop::collection::vec((0usize..4, 0usize..4, 0u64..100), 0..6),
        expires in prop::collection::vec(-50i64..100, 0..3),
        modified in prop::option::of(0u64..2000),
        default_ttl in prop::option::of(0u64..100),
        after_ms in 0u64..250_000,
    ) {
        let headers = response(&said, &expires, modified);
        let policy =
            Policy { default_ttl: default_ttl.map(Duration::from_secs), ..Policy::rfc() };
        let Some(fresh) = judged(&headers, &policy, NOW) else { return Ok(()) };
        let field = governing(&said);
        let number = |directive| shortest(&said, field, directive);
        let by_expires = expires.iter().min().map(|seconds| (*seconds).max(0) as u64 * 1000);
        let most = match fresh.source {
            FreshnessSource::Targeted => number(1).or(number(0)),
            FreshnessSource::SurrogateControl | FreshnessSource::MaxAge => number(0),
            FreshnessSource::SMaxAge => number(1),
            FreshnessSource::Expires => by_expires.filter(|_| expires.len() == 1).or(Some(0)),
            FreshnessSource::DefaultTtl => default_ttl.map(|ttl| ttl * 1000),
            FreshnessSource::Heuristic => modified.map(|seconds| seconds * 100),
            FreshnessSource::None => Some(0),
            FreshnessSource::Override | FreshnessSource::Object => None,
        };
        let most = most.expect("the source that decided has said something");
        prop_assert!(fresh.lifetime_ms <= most, "{:?} {}", fresh, most);
        let stale = fresh.stale;
        prop_assert!(stale.while_revalidate_ms <= number(2).unwrap_or(0), "{:?}", fresh);
        prop_assert!(stale.if_error_ms <= number(3).unwrap_or(0), "{:?}", fresh);
        prop_assert!(!is_fresh(&headers, fresh, NOW + after_ms) || after_ms < most);
    }

    #[test]
    fn the_lifetime_is_never_longer_than_what_decides_says(
        headers in some_headers(),
        received_at_ms in 0u64..4_000_000_000_000,
    ) {
        if let Some(fresh) = judged(&headers, &Policy::rfc(), received_at_ms) {
            let most = allowed(fresh.source, &headers, received_at_ms);
            prop_assert!(most.is_some_and(|ms| fresh.lifetime_ms <= ms), "{fresh:?} {most:?}");
        }
    }
}

fn is_fresh(headers: &HeaderMap, fresh: Freshness, now_ms: u64) -> bool {
    let request = RequestView { method: &Method::GET, headers: &HeaderMap::new() };
    let response = ResponseView { status: StatusCode::OK, headers };
    let head = StoredHead::new(&request, &response, fresh, NOW).expect("no star");
    matches!(reuse(&head, &RequestDirectives::default(), now_ms), Reuse::Fresh { .. })
}
