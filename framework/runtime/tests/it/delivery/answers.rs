//! What rules change of responses: before the cache judges them, and each time one is answered.

use std::time::Duration;

use selvedge_testkit::{Method, Verdict, ok, status};

use super::{asked, edge, head};

const URL: &str = "http://site.localhost/";

#[tokio::test]
async fn what_a_backend_sent_is_changed_before_it_is_judged() {
    let edge = edge(&[
        "then.origin_headers = { remove = [\"cache-control\", \"set-cookie\"], set = { surrogate-key = \"of-rule\" } }",
        "when.status = [200]\nthen.origin_headers.set.cache-control = \"max-age=60\"",
    ])
    .await;
    let reply = ok("x").header("cache-control", "private").header("set-cookie", "a=1");
    let _ = edge.origin("site", "origin").on("/").reply(reply);
    let first = head(&edge, URL, &[]).await;
    assert_eq!(first.header("set-cookie"), "");
    let second = head(&edge, URL, &[]).await;
    assert_eq!(second.hop("site").verdict, Verdict::Hit);
    assert_eq!(second.header("cache-control"), "max-age=60");
    let purged = edge.admin(Method::POST, "/service/site/purge/of-rule");
    let purged = purged.header("fastly-key", super::TOKEN).send().await;
    assert_eq!(purged.header("selvedge-purged"), "LHR=1");
}

/// The same for a miss and a hit, which know nothing of what was taken off before it was stored.
#[tokio::test]
async fn what_leaves_is_seen_as_it_is_stored_and_what_comes_in_as_it_came() {
    let edge = edge(&[
        "when.response_header.set-cookie = true\nthen = { origin_headers = { remove = [\"set-cookie\"], \
         set = { x-came = \"1\" } }, response_headers.set.x-with = \"1\" }",
        "when.response_header.set-cookie = false\nthen.response_headers.set.x-without = \"1\"",
    ])
    .await;
    let reply = ok("x").max_age(60).header("set-cookie", "a=1");
    let _ = edge.origin("site", "origin").on("/").reply(reply);
    for is_hit in [false, true] {
        let answer = head(&edge, URL, &[]).await;
        assert_eq!(answer.hop("site").verdict.is_hit(), is_hit);
        let shown = ["x-came", "x-with", "x-without"].map(|name| answer.header(name));
        assert_eq!(shown.join(","), "1,,1", "{is_hit}");
    }
}

#[tokio::test]
async fn what_a_backend_sent_is_changed_also_without_the_cache() {
    let edge = edge(&["then.pass = true", "then.origin_headers.remove = [\"x-secret\"]"]).await;
    let _ = edge.origin("site", "origin").on("/").reply(ok("x").header("x-secret", "1"));
    for method in [Method::GET, Method::POST] {
        assert_eq!(asked(&edge, method, URL, &[]).await.header("x-secret"), "");
    }
}

#[tokio::test]
async fn a_renewal_does_not_lose_what_a_rule_appended() {
    let edge = edge(&["then.origin_headers = { append = { x-list = \"rule\" } }"]).await;
    let first = ok("x").max_age(60).header("etag", "\"1\"").header("x-list", "origin");
    let renewed = status(304).max_age(60).header("etag", "\"1\"");
    let _ = edge.origin("site", "origin").on("/").reply(first).reply(renewed);
    for _ in 0..3 {
        assert_eq!(head(&edge, URL, &[]).await.header("x-list"), "origin, rule");
        edge.advance(Duration::from_secs(61)).await;
    }
}

#[tokio::test]
async fn each_answer_is_changed_as_it_leaves_and_nothing_of_it_is_stored() {
    let edge = edge(&[
        "when.header = { x-who = true }\nthen.response_headers.set.x-answer = \"one\"",
        "then.response_headers = { remove = [\"x-origin\", \"x-served-by\"], append = { x-answer = \"all\" } }",
    ])
    .await;
    let _ =
        edge.origin("site", "origin").on("/").reply(ok("x").max_age(60).header("x-origin", "1"));
    let shown = async |headers: &[(&str, &str)]| {
        let answer = head(&edge, URL, headers).await;
        assert_eq!((answer.header("x-origin"), answer.header("x-served-by")), Default::default());
        (answer.hop("site").verdict.is_hit(), answer.header("x-answer"))
    };
    assert_eq!(shown(&[("x-who", "1")]).await, (false, "one, all".to_owned()));
    assert_eq!(shown(&[]).await, (true, "all".to_owned()));
    assert_eq!(shown(&[("x-who", "1")]).await, (true, "one, all".to_owned()));
}

#[tokio::test]
async fn rules_see_the_response_as_it_came_whatever_others_make_of_it() {
    let edge = edge(&[
        "then.origin_headers.set.x-kind = \"changed\"",
        "when.response_header = { x-kind = \"own\" }\nthen.ttl = \"1m\"",
        "then.response_headers.set.x-kind = \"last\"",
        "when.response_header = { x-kind = \"changed\" }\nthen.response_headers.set.x-seen = \"1\"",
    ])
    .await;
    let _ = edge.origin("site", "origin").on("/").reply(ok("x").header("x-kind", "own"));
    head(&edge, URL, &[]).await;
    let hit = head(&edge, URL, &[]).await;
    assert_eq!(hit.hop("site").verdict, Verdict::Hit);
    assert_eq!((hit.header("x-kind"), hit.header("x-seen")), ("last".to_owned(), "1".to_owned()));
}

#[tokio::test]
async fn rules_are_counted_and_shown() {
    let edge = edge(&[
        "name = \"all\"\nthen.response_headers.set.x = \"1\"",
        "when.path = \"/a\"\nthen.ttl = \"1m\"",
        "name = \"missing\"\nwhen.status = [404]\nthen.response_headers.set.x = \"2\"",
    ])
    .await;
    let _ = edge.origin("site", "origin").on("/a").reply(ok("a"));
    for path in ["a", "a", "b"] {
        head(&edge, &format!("{URL}{path}"), &[]).await;
    }
    let shown = edge.admin(Method::GET, "/service/site/rules");
    let shown = shown.header("fastly-key", super::TOKEN).send().await;
    assert_eq!(
        shown.text(),
        r#"[{"number":1,"name":"all","hits":3},{"number":2,"name":null,"hits":2},{"number":3,"name":"missing","hits":1}]"#
    );
}
