use selvedge_cache::decision::Verdict;

use super::*;

fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_static(value));
    }
    headers
}

#[test]
fn connection_takes_what_it_names_with_it() {
    let mut headers = map(&[
        ("connection", "close, X-Secret"),
        ("x-secret", "1"),
        ("keep-alive", "timeout=5"),
        ("te", "trailers"),
        ("x-kept", "1"),
    ]);
    strip_hop_by_hop(&mut headers);
    assert_eq!(headers, map(&[("x-kept", "1")]));
}

#[test]
fn a_status_line_has_the_registered_reason_or_none() {
    for (status, line) in [
        (200, "HTTP/1.1 200 OK"),
        (404, "HTTP/1.1 404 Not Found"),
        (299, "HTTP/1.1 299 "),
        (599, "HTTP/1.1 599 "),
        (999, "HTTP/1.1 999 "),
    ] {
        let mut out = Vec::new();
        write_status(StatusCode::from_u16(status).unwrap(), &mut out);
        assert_eq!(out, line.as_bytes());
    }
}

#[test]
fn a_client_cannot_say_who_it_is() {
    let mut headers = map(&[
        ("fastly-client-ip", "6.6.6.6"),
        ("selvedge-hops", "forged"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", "1.1.1.1"),
        ("host", "shop.example"),
    ]);
    assert!(Heard::of(&headers).more);
    strip_at_edge(&mut headers);
    assert!(!Heard::of(&headers).more);
    let client = std::net::IpAddr::from([127, 0, 0, 1]);
    Vouched::of(Some(client), "http").say(&mut headers);
    assert_eq!(headers["fastly-client-ip"], "127.0.0.1");
    assert_eq!(headers["x-forwarded-proto"], "http");
    assert_eq!(headers["x-forwarded-host"], "shop.example");
    assert!(!headers.contains_key(SIGNED_HOPS));
    let forwarded: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    assert_eq!(forwarded, ["1.1.1.1", "127.0.0.1"]);
}

#[test]
fn the_edge_hears_what_is_for_it_and_nothing_else() {
    for name in ["connection", "te", "fastly-key", "selvedge-hops", "cdn-loop"] {
        assert!(Heard::of(&map(&[("host", "a"), (name, "1")])).more, "{name}");
    }
    assert!(!Heard::of(&map(&[("host", "a"), ("cookie", "1"), ("fastly-debug", "1")])).more);
}

#[test]
fn lists_grow_on_one_line_origin_side_first() {
    let mut headers = map(&[("x-cache", "HIT")]);
    let served = Served {
        node: &HeaderValue::from_static("cache-lhr1-LHR"),
        verdict: Verdict::Synthetic,
        hits: 0,
        started_ms: 1_700_000_000_123,
        took_ms: 4,
    };
    add_served(&mut headers, &served);
    assert_eq!(headers[X_CACHE], "HIT, MISS");
    assert_eq!(headers[SERVED_BY], "cache-lhr1-LHR");
    add_served(&mut headers, &served);
    assert_eq!(headers[X_TIMER], "S1700000000.123000,VS0,VE4,VS0,VE4");
}

#[test]
fn crumbs_of_cookies_become_one_line() {
    let mut headers = map(&[("cookie", "a=1"), ("x-other", "2"), ("cookie", "b=2; c=3")]);
    join_crumbs(&mut headers);
    assert_eq!(headers, map(&[("cookie", "a=1; b=2; c=3"), ("x-other", "2")]));
}

#[test]
fn of_several_hosts_none_is_chosen() {
    let of = |lines: &[_]| match Heard::of(&map(lines)).host {
        HostLines::None => "none".to_owned(),
        HostLines::One(value) => value.to_str().unwrap().to_owned(),
        HostLines::Several => "several".to_owned(),
    };
    assert_eq!(of(&[("cookie", "1")]), "none");
    assert_eq!(of(&[("cookie", "1"), ("host", "a")]), "a");
    assert_eq!(of(&[("host", "a"), ("cookie", "1"), ("host", "b")]), "several");
    assert_eq!(of(&[("host", "a"), ("host", "b"), ("host", "c")]), "several");
}
