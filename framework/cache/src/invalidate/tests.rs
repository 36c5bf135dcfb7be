//! What goes after a write, and what must not.

use http::header::{CONTENT_LOCATION, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::targets;

/// The host and target of every request here.
const REQUEST: (&str, &str) = ("shop.example", "/b/c/d;p?q");

fn named(host: &str, location: &str) -> Vec<String> {
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_str(location).expect("a header value"));
    let found = targets(&Method::POST, StatusCode::CREATED, &(host, REQUEST.1), &headers);
    assert!(found.iter().all(|(found, _)| found == host));
    assert_eq!(found[0].1, REQUEST.1);
    found.into_iter().skip(1).map(|(_, path)| path).collect()
}

#[test]
fn references_without_an_authority() {
    let table = [
        // RFC 3986 section 5.4.1, as far as it stays here.
        ("g", "/b/c/g"),
        ("./g", "/b/c/g"),
        ("g/", "/b/c/g/"),
        ("/g", "/g"),
        ("?y", "/b/c/d;p?y"),
        ("g?y", "/b/c/g?y"),
        ("g#s", "/b/c/g"),
        ("g?y#s", "/b/c/g?y"),
        (";x", "/b/c/;x"),
        (".", "/b/c/"),
        ("./", "/b/c/"),
        ("..", "/b/"),
        ("../", "/b/"),
        ("../g", "/b/g"),
        ("../..", "/"),
        ("../../g", "/g"),
        // Section 5.4.2.
        ("../../../g", "/g"),
        ("/./g", "/g"),
        ("/../g", "/g"),
        ("g.", "/b/c/g."),
        ("..g", "/b/c/..g"),
        ("./g/.", "/b/c/g/"),
        ("g/./h", "/b/c/g/h"),
        ("g;x=1/../y", "/b/c/y"),
        ("g?y/./x", "/b/c/g?y/./x"),
        ("./a:b", "/b/c/a:b"),
        ("1a:b", "/b/c/1a:b"),
    ];
    all_name(&table);
}

#[test]
fn references_with_the_same_authority() {
    let table = [
        ("http://shop.example/x", "/x"),
        ("HTTPS://SHOP.example/x?y", "/x?y"),
        ("http://shop.example", "/"),
        ("http://shop.example?y", "/?y"),
        ("http://me@shop.example:80/x", "/x"),
        ("https://shop.example:443/a/../x", "/x"),
        ("https://shop.example:/x", "/x"),
        ("//shop.example/x", "/x"),
        ("//shop.example:443/x", "/x"),
        ("  /x  ", "/x"),
        ("/a//b", "/a//b"),
    ];
    all_name(&table);
}

fn all_name(table: &[(&str, &str)]) {
    for (location, expected) in table {
        assert_eq!(named(REQUEST.0, location), [*expected], "{location}");
    }
}

#[test]
fn references_that_name_nothing_else() {
    for location in ["", "#s", "/b/c/d;p?q", "http://shop.example/b/c/d;p?q#s"] {
        assert!(named(REQUEST.0, location).is_empty(), "{location}");
    }
}

#[test]
fn references_of_other_origins() {
    let others = [
        "http://other.example/x",
        "//other.example/x",
        "http://shop.example.evil/x",
        "http://shop.example@evil/x",
        "http://evil/shop.example/x",
        "https://shop.example:80/x",
        "http://shop.example:443/x",
        "http://shop.example:8080/x",
        "//shop.example:8080/x",
        "ftp://shop.example/x",
        "http:/x",
        "http:x",
        "http:///x",
        "mailto:a@shop.example",
    ];
    for location in others {
        assert!(named(REQUEST.0, location).is_empty(), "{location}");
    }
}

#[test]
fn ports() {
    let table = [
        ("shop.example:8080", "http://shop.example:8080/x", true),
        ("shop.example:8080", "http://shop.example/x", false),
        ("shop.example:80", "http://shop.example/x", true),
        ("shop.example:80", "https://shop.example/x", false),
        ("shop.example:443", "https://shop.example/x", true),
        ("shop.example:80", "//shop.example/x", true),
        ("[::1]:8080", "http://[::1]:8080/x", true),
        ("[::1]", "http://[::1]/x", true),
        ("[::1]", "http://[::1]:1/x", false),
    ];
    for (host, location, expected) in table {
        assert_eq!(!named(host, location).is_empty(), expected, "{host} and {location}");
    }
}

#[test]
fn methods_and_statuses() {
    let table = [
        ("POST", 200, true),
        ("PUT", 204, true),
        ("DELETE", 302, true),
        ("PATCH", 304, true),
        ("BREW", 200, true),
        ("post", 200, true),
        ("POST", 404, false),
        ("POST", 500, false),
        ("POST", 999, false),
        ("GET", 200, false),
        ("HEAD", 200, false),
        ("OPTIONS", 200, false),
        ("TRACE", 200, false),
    ];
    for (method, status, expected) in table {
        let method: Method = method.parse().expect("a method");
        let status = StatusCode::from_u16(status).expect("a status");
        let found = targets(&method, status, &REQUEST, &HeaderMap::new());
        assert_eq!(!found.is_empty(), expected, "{method} {status}");
    }
}

#[test]
fn both_fields_count_and_each_uri_once() {
    let mut headers = HeaderMap::new();
    for (name, value) in [(LOCATION, "/x"), (CONTENT_LOCATION, "/x"), (CONTENT_LOCATION, "/y")] {
        headers.append(name, HeaderValue::from_static(value));
    }
    let found = targets(&Method::PUT, StatusCode::OK, &("Shop.example", "/z"), &headers);
    let paths: Vec<_> = found.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(paths, ["/z", "/x", "/y"]);
    assert!(found.iter().all(|(host, _)| host == "Shop.example"));
}
