//! A copy lives no longer than the object at the shield that it was made of.

use std::time::Duration;

use http::Method;
use selvedge_testkit::{Edge, ok, status};

use super::{page_at, site, way};

async fn edge(lines: &str, max_age: Option<u64>) -> Edge {
    let edge = Edge::from_toml(&site(lines)).admin_token("t").start().await;
    let page = ok("old").header("surrogate-key", "pages");
    let page = max_age.map_or(page.clone(), |max_age| page.max_age(max_age));
    let _ = edge.origin("site", "origin").on("/page").reply(page);
    edge
}

fn now_answers(edge: &Edge, text: &'static str) {
    edge.origin("site", "origin").forget();
    let _ = edge.origin("site", "origin").on("/page").reply(ok(text).max_age(60));
}

async fn after(edge: &Edge, seconds: u64) {
    edge.advance(Duration::from_secs(seconds)).await;
}

/// Two minutes, said in four ways: by the origin, by a rule, by the service, by the time of its last change.
#[tokio::test]
async fn the_shields_age_is_taken_off_the_edges_time() {
    let ruled = "rules = [{ then = { ttl = \"2m\" } }]";
    for (lines, max_age) in [("", Some(120)), (ruled, None), ("default_ttl = \"2m\"", None)] {
        let edge = edge(lines, max_age).await;
        page_at(&edge, "IAD").await;
        after(&edge, 90).await;
        let copied = page_at(&edge, "LHR").await;
        assert_eq!((copied.header("age").as_str(), way(&copied).len()), ("90", 2), "{lines}");
        let status = copied.header("cache-status");
        assert!(
            status.ends_with("\"LHR/site\"; fwd=uri-miss; stored; ttl=30"),
            "{lines}: {status}"
        );
        after(&edge, 29).await;
        let hit = page_at(&edge, "LHR").await;
        assert_eq!(
            (hit.header("age").as_str(), way(&hit)),
            ("119", vec!["site@LHR hit".to_owned()])
        );
        after(&edge, 1).await;
        assert_eq!(way(&page_at(&edge, "LHR").await).len(), 2, "{lines}: both have expired");
        assert_eq!(edge.origin("site", "origin").count(), 2, "{lines}");
    }
}

#[tokio::test]
async fn fractions_of_a_second_count() {
    let edge = edge("", Some(10)).await;
    page_at(&edge, "IAD").await;
    edge.advance(Duration::from_millis(1_900)).await;
    page_at(&edge, "LHR").await;
    edge.advance(Duration::from_millis(8_099)).await;
    assert_eq!(way(&page_at(&edge, "LHR").await), ["site@LHR hit"]);
    edge.advance(Duration::from_millis(1)).await;
    assert_eq!(way(&page_at(&edge, "LHR").await).len(), 2);
}

#[tokio::test]
async fn a_stale_answer_of_the_shield_is_stale_here() {
    let edge =
        edge("rules = [{ then = { ttl = \"1m\", stale_while_revalidate = \"1m\" } }]", None).await;
    page_at(&edge, "IAD").await;
    after(&edge, 70).await;
    now_answers(&edge, "new");
    let answer = page_at(&edge, "LHR").await;
    assert_eq!(
        (answer.text().as_str(), way(&answer)),
        ("old", vec!["site@IAD stale".to_owned(), "site@LHR miss".to_owned()])
    );
    edge.settle().await;
    // The window is the object's, and not a new one from here on.
    let answer = page_at(&edge, "LHR").await;
    assert_eq!((answer.text().as_str(), way(&answer)), ("old", vec!["site@LHR stale".to_owned()]));
    edge.settle().await;
    assert_eq!(page_at(&edge, "LHR").await.text(), "new");
}

#[tokio::test]
async fn what_a_soft_purge_made_stale_comes_back_fresh_nowhere() {
    let lines = "rules = [{ then = { ttl = \"1h\", stale_while_revalidate = \"1m\" } }]";
    let edge = edge(lines, None).await;
    page_at(&edge, "IAD").await;
    now_answers(&edge, "new");
    let purge = edge.admin(Method::POST, "/service/site/purge/pages").header("fastly-key", "t");
    purge.header("fastly-soft-purge", "1").send().await;
    after(&edge, 30).await;
    // A POP that had none copies what is stale at the shield.
    let answer = page_at(&edge, "LHR").await;
    assert_eq!((answer.text().as_str(), answer.hops[0].verdict.as_str()), ("old", "stale"));
    let answer = page_at(&edge, "LHR").await;
    assert_eq!((answer.text().as_str(), way(&answer)), ("old", vec!["site@LHR stale".to_owned()]));
    // Its window has begun with the purge.
    after(&edge, 31).await;
    assert_eq!(page_at(&edge, "LHR").await.text(), "new");
}

#[tokio::test]
async fn what_the_shield_renews_is_renewed_here() {
    let edge = edge("", None).await;
    edge.origin("site", "origin").forget();
    let page = ok("page").max_age(60).header("etag", "\"a\"");
    let same = status(304).max_age(60).header("etag", "\"a\"");
    let _ = edge.origin("site", "origin").on("/page").reply(page).reply(same);
    page_at(&edge, "LHR").await;
    after(&edge, 61).await;
    let answer = page_at(&edge, "LHR").await;
    assert_eq!((answer.text().as_str(), answer.status.as_u16()), ("page", 200));
    let last = edge.origin("site", "origin").arrived().remove(1);
    assert_eq!(last.headers["if-none-match"], "\"a\"");
    after(&edge, 59).await;
    assert_eq!(way(&page_at(&edge, "LHR").await), ["site@LHR hit"]);
}

#[tokio::test]
async fn what_the_shield_does_not_keep_is_not_kept_here() {
    let lines = "[[services.site.rules]]\nwhen = { response_header = { x-private = true } }\n\
                 then = { uncacheable = true, origin_headers = { remove = [\"x-private\"] } }";
    let edge = edge(lines, None).await;
    edge.origin("site", "origin").forget();
    let page = ok("page").max_age(60).header("x-private", "1");
    let _ = edge.origin("site", "origin").on("/page").reply(page);
    for count in 1..=2 {
        let answer = page_at(&edge, "LHR").await;
        assert!(!answer.headers.contains_key("x-private"));
        assert_eq!((way(&answer).len(), edge.origin("site", "origin").count()), (2, count));
    }
}

#[tokio::test]
async fn a_part_of_what_the_shield_has_is_answered_from_there() {
    let edge = edge("", Some(60)).await;
    page_at(&edge, "IAD").await;
    let ask = edge.request(Method::GET, "http://site.localhost/page").at("LHR");
    let answer = ask.header("range", "bytes=1-2").send().await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (206, "ld"));
    assert_eq!(answer.header("content-range"), "bytes 1-2/3");
    let answer = edge.request(Method::HEAD, "http://site.localhost/page").at("FRA").send().await;
    assert_eq!((answer.status.as_u16(), answer.header("content-length").as_str()), (200, "3"));
    assert_eq!(edge.origin("site", "origin").count(), 1);
}
