//! What holds for every input.

use bytes::Bytes;
use http::header::{AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::targeted::targeted;
use selvedge_cache::when::{MAX_SECONDS, date_field, format_http_date, parse_http_date};
use selvedge_cache::{
    CacheControl, Failure, Fill, Found, FreshnessSource, Override, Policy, PutOutcome,
    RequestDirectives, RequestView, ResponseView, Shelf, StoredHead, SurrogateControl, Times,
    Variant, may_serve_stale, reuse, storable, storable_headers,
};

use crate::support::{entry, headers, key};

const NAMES: [HeaderName; 8] =
    [CACHE_CONTROL, EXPIRES, DATE, AGE, LAST_MODIFIED, VARY, ETAG, PRAGMA];

/// Pieces that make fields which are nearly right.
fn field() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "max-age=60",
        "s-maxage=9",
        "max-age",
        "s-maxage",
        "no-store",
        "private",
        "public",
        "must-understand",
        "no-cache",
        "stale-if-error=9",
        "immutable",
        "=",
        ",",
        "\"",
        "\\",
        " ",
        "*",
        "0",
        "1",
        "60",
        "99999999999999999999",
        "-",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "accept",
        "\t",
        ";",
        "é",
    ]);
    let nearly_right =
        prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![nearly_right, prop::collection::vec(any::<u8>(), 0..40)]
}

fn some_headers() -> impl Strategy<Value = HeaderMap> {
    let others = ["surrogate-control", "cdn-cache-control"].map(HeaderName::from_static);
    let names: Vec<HeaderName> = NAMES.into_iter().chain(others).collect();
    let lines = prop::collection::vec((prop::sample::select(names), field()), 0..8);
    lines.prop_map(|lines| {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                map.append(name, value);
            }
        }
        map
    })
}

proptest! {
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
        let over = Override::default();
        if let Ok(fresh) = storable(&request, &response, &Policy::default(), &over, times) {
            let validator = [ETAG, LAST_MODIFIED].iter().any(|name| response.headers.contains_key(name));
            let live = fresh.ttl_ms(fresh.initial_age_ms) > 0 && !fresh.always_validate;
            let late_ms = fresh.late_ms(fresh.initial_age_ms);
            prop_assert!(live || validator || fresh.stale.permit(late_ms));
            let head = StoredHead::new(&request, &response, fresh, received_at_ms).expect("no star");
            prop_assert!(head.variant.matches(request.headers));
            let listening = Policy { request_directives: true, ..Policy::rfc() };
            let wishes = RequestDirectives::of(request.headers, &listening);
            let _ = reuse(&head, &wishes, now_ms);
            let _ = may_serve_stale(&head, &listening, Failure::Disconnected, now_ms);
        }
        let _ = Variant::of(response.headers, request.headers);
        let _ = storable_headers(response.headers);
    }

    #[test]
    fn the_lifetime_is_never_longer_than_what_decides_says(
        response in some_headers(),
        received_at_ms in 0u64..4_000_000_000_000,
    ) {
        let none = HeaderMap::new();
        let request = RequestView { method: &Method::GET, headers: &none };
        let view = ResponseView { status: StatusCode::OK, headers: &response };
        let times = Times { requested_at_ms: received_at_ms, received_at_ms };
        let fresh = storable(&request, &view, &Policy::default(), &Override::default(), times);
        if let Ok(fresh) = fresh {
            let control = CacheControl::parse(&response, CACHE_CONTROL);
            let made = date_field(&response, DATE).at().unwrap_or(received_at_ms);
            let allowed = match fresh.source {
                FreshnessSource::SMaxAge => control.s_maxage.lifetime_ms(),
                FreshnessSource::MaxAge => control.max_age.lifetime_ms(),
                FreshnessSource::Expires => {
                    let expires = date_field(&response, EXPIRES).at();
                    Some(expires.map_or(0, |at| at.saturating_sub(made)))
                }
                FreshnessSource::Heuristic => {
                    let modified = date_field(&response, LAST_MODIFIED).at();
                    modified.map(|at| received_at_ms.saturating_sub(at) / 10)
                }
                FreshnessSource::SurrogateControl => SurrogateControl::parse(&response).and_then(|field| field.directives().max_age.lifetime_ms()),
                FreshnessSource::Targeted => targeted(&response).and_then(|control| control.s_maxage.lifetime_ms().or(control.max_age.lifetime_ms())),
                FreshnessSource::None => Some(0),
                FreshnessSource::Override | FreshnessSource::DefaultTtl => None,
            };
            prop_assert!(allowed.is_some_and(|ms| fresh.lifetime_ms <= ms), "{fresh:?} {allowed:?}");
        }
    }

    #[test]
    fn max_age_is_read_as_written(seconds in 0u64..10_000_000_000) {
        let map = headers(&[&format!("Cache-Control: max-age={seconds}")]);
        let read = CacheControl::parse(&map, CACHE_CONTROL).max_age.lifetime_ms();
        prop_assert_eq!(read, Some(seconds.min(MAX_SECONDS) * 1000));
    }

    #[test]
    fn dates_survive_the_round_trip(seconds in 0u64..253_402_300_800) {
        prop_assert_eq!(parse_http_date(&format_http_date(seconds * 1000)), Some(seconds * 1000));
    }

    #[test]
    fn no_text_makes_dates_panic(text in any::<String>(), ms in any::<u64>()) {
        let _ = parse_http_date(&text);
        let _ = format_http_date(ms);
    }

    #[test]
    fn a_shelf_never_exceeds_its_budget(
        budget in 0u64..60_000,
        steps in prop::collection::vec((0u8..12, 0u8..4, 0usize..9_000, 0u8..3), 0..60),
    ) {
        let shelf = Shelf::new(budget);
        for (path, variant, size, act) in steps {
            let (key, request) = (key(&format!("/{path}")), format!("V: {variant}"));
            match act {
                0 => { shelf.remove(&key); }
                _ => { shelf.put(key, entry(&[&request], &["Vary: V"], 0, &vec![0; size])); }
            }
            prop_assert!(shelf.used_bytes() <= budget);
        }
        for path in 0..12 {
            shelf.remove(&key(&format!("/{path}")));
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
            shelf.put(key(&format!("/{path}")), entry(&[&request], &["Vary: V"], 0, body))
        };
        for (path, variant) in before {
            put(path, variant, b"before");
        }
        prop_assert_eq!(put(path, variant, b"last"), PutOutcome::Stored);
        match shelf.get(&key(&format!("/{path}")), &headers(&[&format!("V: {variant}")]), 1) {
            Found::Fresh(entry) => prop_assert_eq!(&entry.body.chunks()[0][..], b"last"),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_body_is_stored_as_it_came(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9_000), 0..20),
        declared in any::<bool>(),
    ) {
        let whole = pieces.concat();
        let mut fill = Fill::new(u64::MAX, declared.then_some(whole.len() as u64));
        for piece in pieces {
            prop_assert_eq!(fill.push(Bytes::from(piece)), Ok(()));
        }
        let body = fill.finish().expect("complete");
        prop_assert_eq!(body.len(), whole.len() as u64);
        prop_assert_eq!(body.chunks().concat(), whole);
    }
}
