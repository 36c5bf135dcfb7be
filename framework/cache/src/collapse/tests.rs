use http::header::{ACCEPT_ENCODING, HOST};

use super::*;
use crate::sample;

fn headers(text: &str) -> HeaderMap {
    sample::headers(&text.lines().collect::<Vec<_>>())
}

fn lane(authorized: bool, range: Option<&'static str>) -> Lane {
    Lane { authorized, range: range.map(HeaderValue::from_static) }
}

#[test]
fn who_leads_and_who_follows() {
    let plain = || Role::Leads(lane(false, None));
    let table = [
        (Method::GET, "", false, plain()),
        (Method::GET, "Authorization: x", false, Role::Leads(lane(true, None))),
        (Method::GET, "Range: bytes=0-1", false, Role::Leads(lane(false, Some("bytes=0-1")))),
        (Method::GET, "Range: bytes=0-1", true, plain()),
        (Method::GET, "Range: bytes=0-1\nIf-Range: \"a\"", false, Role::Follows(lane(false, None))),
        (Method::GET, "If-None-Match: \"a\"", false, Role::Follows(lane(false, None))),
        (Method::GET, "If-None-Match: \"a\"", true, plain()),
        (Method::GET, "If-Match: \"a\"", true, Role::Alone),
        (Method::GET, "Cache-Control: no-store", true, Role::Alone),
        (Method::HEAD, "", false, Role::Follows(lane(false, None))),
        (Method::HEAD, "", true, plain()),
    ];
    for (method, text, asks_whole, expected) in table {
        let headers = headers(text);
        let view = RequestView { method: &method, headers: &headers };
        assert_eq!(role(&view, MissReason::UriMiss, asks_whole), expected, "{method} {text:?}");
    }
    let none = HeaderMap::new();
    let view = RequestView { method: &Method::GET, headers: &none };
    assert_eq!(role(&view, MissReason::Request, true), Role::Alone);
}

#[test]
fn the_whole_serves_a_range_and_not_the_other_way_round() {
    let (whole, part) = (lane(false, None), lane(false, Some("bytes=0-1")));
    assert!(whole.serves(&part) && part.serves(&part) && !part.serves(&whole));
    assert!(!whole.serves(&lane(true, None)));
}

#[test]
fn what_selects_alike() {
    let (one, other) = (headers("Accept-Encoding: gzip, br"), headers("Accept-Encoding: br,gzip"));
    let none = HeaderMap::new();
    assert!(selects_alike(&[ACCEPT_ENCODING], &one, &other));
    assert!(selects_alike(&[HOST], &one, &none) && selects_alike(&[], &one, &none));
    assert!(!selects_alike(&[ACCEPT_ENCODING], &one, &none));
    assert!(!selects_alike(&[ACCEPT_ENCODING], &none, &headers("Accept-Encoding: gzip")));
}
