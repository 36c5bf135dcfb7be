//! No parser panics, and each keeps what it promises, on made-up fields. The fuzzer does the same with real ones.

use http::{HeaderMap, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::when::{MAX_SECONDS, format_http_date, parse_http_date};
use selvedge_cache::{
    CacheControl, Failure, Override, Policy, RequestDirectives, RequestView, ResponseView,
    StoredHead, Times, Variant, may_serve_stale, reuse, storable, storable_headers,
};

use super::headers::{field, some_headers};
use crate::parsers::{Input, PARSERS};
use crate::support::headers;

proptest! {
    #[test]
    fn every_parser_keeps_its_promises(field in field()) {
        let input = Input::of(&field);
        PARSERS.iter().for_each(|(_, check)| check(&input));
    }

    #[test]
    fn no_headers_make_it_panic(
        request in some_headers(),
        response in some_headers(),
        status in 100u16..1000,
        requested_at_ms in any::<u64>(),
        received_at_ms in any::<u64>(),
        now_ms in any::<u64>(),
    ) {
        let request = RequestView { method: &Method::GET, headers: &request };
        let status = StatusCode::from_u16(status).expect("in range");
        let response = ResponseView { status, headers: &response };
        let times = Times { requested_at_ms, received_at_ms };
        judge(&request, &response, times, now_ms);
        let _ = Variant::of(response.headers, request.headers);
    }

    #[test]
    fn what_may_be_stored_may_be_stored_again(response in some_headers()) {
        let once = storable_headers(&response);
        prop_assert_eq!(&storable_headers(&once), &once);
    }

    #[test]
    fn max_age_is_read_as_written(seconds in 0u64..10_000_000_000) {
        let map = headers(&[&format!("Cache-Control: max-age={seconds}")]);
        let read = CacheControl::parse(&map, http::header::CACHE_CONTROL).max_age.lifetime_ms();
        prop_assert_eq!(read, Some(seconds.min(MAX_SECONDS) * 1000));
    }

    #[test]
    fn dates_survive_the_round_trip(seconds in 0u64..253_402_300_800, now_ms in any::<u64>()) {
        prop_assert_eq!(parse_http_date(&format_http_date(seconds * 1000), now_ms), Some(seconds * 1000));
    }

    #[test]
    fn no_text_makes_dates_panic(text in any::<String>(), ms in any::<u64>()) {
        let _ = parse_http_date(&text, ms);
        let _ = format_http_date(ms);
    }
}

/// The whole way of a response, at any times whatever.
fn judge(request: &RequestView<'_>, response: &ResponseView<'_>, times: Times, now_ms: u64) {
    let policy = Policy { request_directives: true, ..Policy::rfc() };
    let Ok(fresh) = storable(request, response, &policy, &Override::default(), times) else {
        return;
    };
    let head = StoredHead::new(request, response, fresh, times.received_at_ms).expect("no star");
    let has = |name| head.headers().contains_key(name);
    let has_validator = has(http::header::ETAG) || has(http::header::LAST_MODIFIED);
    // Who asked when it was asked for, and waited for it, may use it still.
    let waited_ms = times.received_at_ms.saturating_sub(times.requested_at_ms);
    let age_ms = fresh.initial_age_ms.saturating_sub(waited_ms);
    let is_live = fresh.ttl_ms(age_ms) > 0 && !fresh.always_validate;
    let is_permitted = fresh.stale.permit(fresh.late_ms(age_ms));
    assert!(is_live || has_validator || is_permitted, "nothing can reuse it");
    assert!(head.variant.matches(request.headers));
    let _ = reuse(&head, &RequestDirectives::of(request.headers, &policy), now_ms);
    let _ = may_serve_stale(&head, &policy, Failure::Disconnected, now_ms);
    let _: HeaderMap = storable_headers(&head.headers());
}
