//! Which requests are given which variant.

use http::header::VARY;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Variant, VaryStar, add_names};

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &'static str)| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let mut map = HeaderMap::new();
    for (name, value) in lines.iter().map(pair) {
        map.append(name, value);
    }
    map
}

fn variant(vary: &'static str, request: &HeaderMap) -> Variant {
    Variant::of(&headers(&[("vary", vary)]), request).expect("a `Vary` without `*`")
}

type Lines = &'static [(&'static str, &'static str)];

#[test]
fn requests_that_match() {
    let table: [(Lines, Lines, bool); 16] = [
        (&[("accept-language", "en, de")], &[("accept-language", "en, de")], true),
        (&[("accept-language", "en, de")], &[("accept-language", "DE,en")], true),
        (&[("accept-language", "DE,en")], &[("accept-language", "en, de")], true),
        (
            &[("accept-language", "en, de")],
            &[("accept-language", "de"), ("accept-language", "en")],
            true,
        ),
        (&[("accept-language", "en;q=0.5, de")], &[("accept-language", "de, en;q=0.50")], true),
        (&[("accept-language", "en, de")], &[("accept-language", "en, de;q=0.9")], false),
        (&[("accept-language", "en_GB")], &[("accept-language", "en_gb")], false),
        (&[("accept-language", "en_GB")], &[("accept-language", "en_GB ")], true),
        (&[("accept-language", "en")], &[], false),
        (&[], &[("accept-language", "")], false),
        (&[("accept-language", "")], &[], false),
        (&[("x-test", "1"), ("x-test", "2")], &[("x-test", "1, 2")], true),
        (&[("x-test", "1, 2")], &[("x-test", "1"), ("x-test", "2")], true),
        (&[("x-test", "1, 2")], &[("x-test", "1,2")], false),
        (&[("x-test", "a")], &[("x-test", "A")], false),
        (&[("cookie", "a=1; b=2")], &[("cookie", "a=1"), ("cookie", "b=2")], true),
    ];
    for (stored, asked, expected) in table {
        let variant = variant("Accept-Language, X-Test, Cookie", &headers(stored));
        assert_eq!(variant.matches(&headers(asked)), expected, "{stored:?} and {asked:?}");
        let other = super::Variant::of(
            &headers(&[("vary", "cookie, x-test, accept-language")]),
            &headers(asked),
        );
        assert_eq!(other == Ok(variant), expected, "{stored:?} and {asked:?}");
    }
}

#[test]
fn names_are_sorted_and_unique() {
    let variant = variant("b, A, , B", &HeaderMap::new());
    assert_eq!(variant.names().map(HeaderName::as_str).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn what_never_matches() {
    for vary in ["*", "a, *", "a b", "a*", "a;b"] {
        let response = headers(&[("vary", vary)]);
        assert_eq!(Variant::of(&response, &HeaderMap::new()), Err(VaryStar), "{vary}");
    }
}

#[test]
fn names_that_rules_add() {
    let table: [(Lines, &str); 3] = [
        (&[], "x-device"),
        (&[("vary", "Accept, X-Device")], "Accept, X-Device"),
        (&[("vary", "*")], "*"),
    ];
    for (before, expected) in table {
        let mut headers = headers(before);
        add_names(&mut headers, &[HeaderName::from_static("x-device")]);
        let lines: Vec<_> = headers.get_all(VARY).iter().collect();
        assert_eq!(lines, [expected], "{before:?}");
    }
}
