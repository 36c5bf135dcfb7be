//! What rules make of keys.

use http::header::{ACCEPT_LANGUAGE, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use selvedge_model::manifest::{IgnoreQuery, KeyChange};
use selvedge_model::pattern::TextPattern;

use super::KeyRules;
use crate::key::Key;

fn named(patterns: &[&str]) -> IgnoreQuery {
    let compiled = patterns.iter().map(|pattern| TextPattern::new(pattern).expect("a pattern"));
    IgnoreQuery::Named(compiled.collect())
}

fn headers(lines: &[(HeaderName, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
    }
    map
}

#[test]
fn targets() {
    let all = || IgnoreQuery::All;
    let table = [
        (IgnoreQuery::Nothing, false, "/a?b=1&a=2", "/a?b=1&a=2"),
        (IgnoreQuery::Nothing, false, "/a?", "/a?"),
        (all(), false, "/a?b=1", "/a"),
        (all(), false, "/a", "/a"),
        (all(), false, "?b=1", ""),
        (named(&["utm_*", "x"]), false, "/a?utm_source=1&b=2&x&utm_", "/a?b=2"),
        (named(&["utm_*"]), false, "/a?%75tm_source=1&b=%75tm_", "/a?b=%75tm_"),
        (named(&["utm_*"]), false, "/a?utm_source=1", "/a"),
        (named(&["utm_*"]), false, "/a?b=utm_x?utm_y=1", "/a?b=utm_x?utm_y=1"),
        (named(&["b"]), false, "/a?&&b", "/a?&"),
        (IgnoreQuery::Nothing, true, "/a?b=1&a=2&b=0&%61=1", "/a?a=2&%61=1&b=1&b=0"),
        (named(&["c"]), true, "/a?b&c&a", "/a?a&b"),
    ];
    for (ignore_query, sort_query, target, expected) in table {
        let rules = KeyRules { ignore_query, sort_query, ..KeyRules::default() };
        assert_eq!(rules.target(target), expected, "{rules:?} on {target}");
    }
}

#[test]
fn additions() {
    let rules = KeyRules::of(&KeyChange {
        add_headers: vec!["accept-language".into(), "x-device".into()],
        add_cookies: vec!["theme".into()],
        ..KeyChange::default()
    });
    let device = HeaderName::from_static("x-device");
    let table: [(&[(HeaderName, &str)], &str); 3] = [
        (&[], " header 15:accept-language - header 8:x-device - cookie 5:theme -"),
        (
            &[(ACCEPT_LANGUAGE, "en"), (device.clone(), "a b%é"), (COOKIE, "a=1; theme=dark")],
            " header 15:accept-language 2:en header 8:x-device 6:a%20b%25%C3%A9 cookie 5:theme 4:dark",
        ),
        (
            &[(ACCEPT_LANGUAGE, "EN, de"), (device, ""), (COOKIE, "theme=; theme=x")],
            " header 15:accept-language 6:de,%20en header 8:x-device 0: cookie 5:theme 0: 1:x",
        ),
    ];
    for (lines, expected) in table {
        assert_eq!(rules.additions(&headers(lines)), expected, "{lines:?}");
    }
    assert_eq!(KeyRules::default().additions(&headers(&[(COOKIE, "theme=x")])), "");
}

#[test]
fn no_target_passes_for_an_addition() {
    let rules = KeyRules { add_cookies: vec!["user".to_owned()], ..KeyRules::default() };
    let ann = headers(&[(COOKIE, "user=ann")]);
    let stored = Key::with_rules("shop", "a", "/x", &rules, &ann);
    let forged = ["/x cookie 4:user 3:ann", "/x%20cookie", "/x"];
    for target in forged {
        assert_ne!(Key::new("shop", "a", target), stored, "{target}");
    }
    assert_eq!(stored.to_string(), "a/x cookie 4:user 3:ann");
    let bob = headers(&[(COOKIE, "user=ann 3:ann; user=bob")]);
    assert_ne!(Key::with_rules("shop", "a", "/x", &rules, &bob), stored);
}

#[test]
fn keys_of_one_target() {
    let rules = KeyRules { add_cookies: vec!["user".to_owned()], ..KeyRules::default() };
    let ann = Key::with_rules("shop", "A", "/x", &rules, &headers(&[(COOKIE, "user=ann")]));
    let plain = Key::new("shop", "a", "/x");
    assert!(ann != plain && ann.same_target(&plain) && plain.same_target(&ann));
    for other in [Key::new("shop", "a", "/x?y"), Key::new("sho", "pa", "/x")] {
        assert!(!ann.same_target(&other), "{other}");
    }
    let identity = KeyRules::default();
    assert_eq!(Key::with_rules("shop", "a", "/x", &identity, &HeaderMap::new()), plain);
}
