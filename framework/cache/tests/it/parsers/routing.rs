//! Where things lead, what a connection keeps to itself, and the member of `Cache-Status` that we write.

use http::header::{CONNECTION, CONTENT_LOCATION, LOCATION};
use http::{HeaderMap, Method, StatusCode};
use selvedge_cache::cache_status::member;
use selvedge_cache::{Key, KeyRules, MissReason, StatusMember, Verdict, storable_headers, targets};
use selvedge_model::manifest::IgnoreQuery;
use sfv::{BareItem, List, ListEntry, Parser};

use super::{Input, one};

/// What is reached is a path under the same host, without dots or fragments; reaching for it again leads there.
pub(super) fn location(input: &Input) {
    for name in [LOCATION, CONTENT_LOCATION] {
        let reached = reach(&input.field(name));
        assert_eq!(reached[0].1, "/a/b?c");
        for (host, path) in &reached {
            assert_eq!(host, "shop.localhost:8080");
            assert!(path.starts_with('/') && !path.contains('#'), "{path}");
            let plain = path.split('?').next().unwrap_or_default();
            assert!(!plain.split('/').any(|segment| matches!(segment, "." | "..")), "{path}");
            // Two slashes would name a host, and white space at the end of a field is none of its value.
            if !path.starts_with("//") && path.trim() == path {
                let again = reach(&one(LOCATION, path.as_bytes()));
                assert!(again.contains(&(host.clone(), path.clone())), "{path}: {again:?}");
            }
        }
    }
}

fn reach(headers: &HeaderMap) -> Vec<(String, String)> {
    targets(&Method::POST, StatusCode::OK, &("shop.localhost:8080", "/a/b?c"), headers)
}

pub(super) fn target(input: &Input) {
    let text = input.text();
    for ignore_query in [IgnoreQuery::Nothing, IgnoreQuery::All] {
        for sort_query in [false, true] {
            let ignore_query = ignore_query.clone();
            let rules = KeyRules { ignore_query, sort_query, ..KeyRules::default() };
            let once = rules.target(&text).into_owned();
            assert_eq!(rules.target(&once), once);
            let key = |target: &str| Key::with_rules("s", "H", target, &rules, &HeaderMap::new());
            assert_eq!(key(&text), key(&once));
            assert!(key(&text).to_string().starts_with("h/"));
        }
    }
}

pub(super) fn connection(input: &Input) {
    let others = ["Keep-Alive: 5", "ETag: \"a\"", "X-Odd: 1", "Proxy-Authenticate: x", "Age: 5"];
    let kept = storable_headers(&input.beside(&others, CONNECTION));
    assert!(!kept.contains_key(CONNECTION) && !kept.contains_key("keep-alive"));
    assert!(!kept.contains_key("proxy-authenticate") && !kept.contains_key("age"));
    assert_eq!(storable_headers(&kept), kept);
}

/// Whatever stands in it, it is one structured item with parameters (RFC 9211 section 2).
pub(super) fn cache_status(input: &Input) {
    let text = input.text();
    let status = StatusMember {
        key: Some(&text),
        detail: Some(&text),
        ttl_ms: Some(i64::MIN),
        stored: true,
        collapsed: Some(false),
        fwd_status: Some(999),
        ..StatusMember::of(Verdict::Miss(MissReason::UriMiss))
    };
    let printed = member(&[&text], &status);
    let list: List = Parser::new(&printed).parse().expect("a structured list");
    let [ListEntry::Item(item)] = &list[..] else { panic!("not one item: {printed}") };
    assert!(matches!(item.bare_item, BareItem::String(_)));
    let names: Vec<&str> = item.params.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["fwd", "fwd-status", "stored", "collapsed", "ttl", "key", "detail"]);
}
