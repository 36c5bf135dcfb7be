//! Which exchanges rules are for.

use super::*;
use crate::manifest::{Network, PathPattern};
use crate::pattern::TextPattern;

const HEADERS: &[(&str, &str)] = &[
    ("x-kind", "one"),
    ("x-kind", " two "),
    ("cookie", "session=abc; theme=dark"),
    ("cookie", "theme=light"),
];

fn lines(wanted: &str) -> Vec<&'static [u8]> {
    let named = HEADERS.iter().filter(|(name, _)| *name == wanted);
    named.map(|(_, value)| value.as_bytes()).collect()
}

fn request() -> RequestFacts<'static> {
    RequestFacts {
        method: "GET",
        host: "Shop.Example:7676",
        path: "/pages/1",
        normalised_path: "/pages/1",
        query: Some("%61=1&b=x+y&a=2"),
        headers: &lines,
        client: "10.1.2.3".parse().ok(),
    }
}

fn like(pattern: &str) -> Wanted {
    Wanted::Like(TextPattern::new(pattern).expect(pattern))
}

#[test]
fn requests_by_method_host_path_and_client() {
    let host = |pattern| TextPattern::new(pattern).ok();
    let path = |pattern| PathPattern::new(pattern).ok();
    let client = |block| vec![Network::parse(block).expect(block)];
    let cases = [
        (When::default(), true),
        (When { method: vec!["HEAD".into(), "GET".into()], ..When::default() }, true),
        (When { method: vec!["get".into()], ..When::default() }, false),
        (When { host: host("shop.example"), ..When::default() }, true),
        (When { host: host("*.example"), ..When::default() }, true),
        (When { host: host("example"), ..When::default() }, false),
        (When { path: path("/pages/*"), ..When::default() }, true),
        (When { path: path("/pages"), ..When::default() }, false),
        (When { client: client("10.0.0.0/8"), ..When::default() }, true),
        (When { client: client("::/0"), ..When::default() }, false),
        (When { host: host("*"), path: path("/a"), ..When::default() }, false),
    ];
    for (when, expected) in cases {
        assert_eq!(when.unmet(&request(), Readings::Usual).is_none(), expected, "{when:?}");
    }
}

#[test]
fn unknown_clients_and_absent_queries() {
    let nobody = RequestFacts { client: None, query: None, host: "[::1]", ..request() };
    let client = vec![Network::parse("0.0.0.0/0").expect("block")];
    assert!(When { client, ..When::default() }.unmet(&nobody, Readings::Usual).is_some());
    let host = TextPattern::new("[::1]").ok();
    let query = [("a".to_owned(), Wanted::Absent)].into();
    assert!(When { host, query, ..When::default() }.unmet(&nobody, Readings::Usual).is_none());
}

#[test]
fn requests_by_query_header_and_cookie() {
    let cases = [
        ("query", "a", Wanted::Present, true),
        ("query", "a", like("2"), true),
        ("query", "a", like("3"), false),
        ("query", "%61", Wanted::Absent, true),
        ("query", "b", like("x y"), true),
        ("query", "c", Wanted::Present, false),
        ("header", "x-kind", like("two"), true),
        ("header", "x-kind", like("one, two"), false),
        ("header", "x-kind", Wanted::Absent, false),
        ("header", "x-other", Wanted::Absent, true),
        ("cookie", "session", Wanted::Present, true),
        ("cookie", "Session", Wanted::Present, false),
        ("cookie", "theme", like("l*"), true),
    ];
    for (part, name, wanted, expected) in cases {
        let asked = [(name.to_owned(), wanted)].into();
        let when = match part {
            "query" => When { query: asked, ..When::default() },
            "header" => When { header: asked, ..When::default() },
            _ => When { cookie: asked, ..When::default() },
        };
        assert_eq!(when.unmet(&request(), Readings::Usual).is_none(), expected, "{when:?}");
    }
}

#[test]
fn responses() {
    let header = |wanted| [("x-kind".to_owned(), wanted)].into();
    let cases = [
        (WhenResponse::default(), 200, true),
        (WhenResponse { status: vec![StatusPattern::Class(5)], ..Default::default() }, 503, true),
        (WhenResponse { status: vec![StatusPattern::Class(5)], ..Default::default() }, 404, false),
        (WhenResponse { status: vec![StatusPattern::Code(404)], ..Default::default() }, 404, true),
        (WhenResponse { header: header(like("t*")), ..Default::default() }, 200, true),
        (WhenResponse { header: header(Wanted::Absent), ..Default::default() }, 200, false),
    ];
    for (when_response, status, expected) in cases {
        let rule = Rule {
            name: None,
            when: When::default(),
            when_response: when_response.clone(),
            then: Then::default(),
        };
        let response = ResponseFacts { status, headers: &lines };
        assert_eq!(rule.matches(&request(), &response), expected, "{when_response:?}");
        assert_eq!(rule.matches_request(&request()), when_response.is_any());
    }
}

#[test]
fn the_first_condition_that_is_not_met_is_named() {
    let asked = |name: &str, wanted| [(name.to_owned(), wanted)].into();
    let cases = [
        (When::default(), None),
        (When { method: vec!["PUT".into()], ..When::default() }, Some("its method is not PUT")),
        (
            When { path: PathPattern::new("/x/*").ok(), ..When::default() },
            Some("its path is not `/x/*`"),
        ),
        (
            When { client: vec![Network::parse("::/0").expect("block")], ..When::default() },
            Some("its client is not in ::/0"),
        ),
        (
            When { query: asked("b", Wanted::Absent), ..When::default() },
            Some("it has a parameter `b`"),
        ),
        (
            When { header: asked("x-kind", like("three")), ..When::default() },
            Some("it has no header `x-kind` that is `three`"),
        ),
        (
            When { cookie: asked("none", Wanted::Present), ..When::default() },
            Some("it has no cookie `none`"),
        ),
    ];
    for (when, expected) in cases {
        let request = request();
        let unmet = when.unmet(&request, Readings::Usual).map(|unmet| unmet.to_string());
        assert_eq!(unmet.as_deref(), expected, "{when:?}");
    }
}
