//! The origin fails behind the shield: each POP does what it would do if it had asked itself.

use std::time::Duration;

use bytes::Bytes;
use selvedge_testkit::{Edge, Fault, Reply, ok, status};

use super::{page_at, site, way};

async fn edge() -> Edge {
    let edge = Edge::from_toml(&site("")).start().await;
    let _ = edge.origin("site", "origin").on("/page").reply(ok("page").max_age(60));
    edge
}

fn now(edge: &Edge, reply: Reply) {
    edge.origin("site", "origin").forget();
    let _ = edge.origin("site", "origin").on("/page").reply(reply);
}

#[tokio::test]
async fn an_unreachable_origin_is_told_with_both_hops() {
    let edge = edge().await;
    now(&edge, ok("").fault(Fault::Refuse));
    let answer = page_at(&edge, "LHR").await;
    assert_eq!(answer.status.as_u16(), 502);
    assert_eq!(answer.header("x-served-by"), "cache-iad1-IAD, cache-lhr1-LHR");
    assert_eq!(answer.header("x-cache"), "MISS, MISS");
    let refusals: Vec<_> = answer.hops.iter().map(|hop| hop.refused.clone().unwrap().0).collect();
    assert_eq!(refusals.len(), 2);
    assert_eq!(refusals[0], refusals[1]);
}

#[tokio::test]
async fn what_is_stale_here_answers_where_the_shield_has_nothing() {
    let edge = edge().await;
    page_at(&edge, "LHR").await;
    let world = edge.world();
    let service = world.service_for_host("site.localhost").unwrap();
    let uri = "http://site.localhost/page".parse().unwrap();
    for key in service.keys("site.localhost", &uri) {
        world.pop("IAD").unwrap().shelf.remove(&key);
    }
    edge.advance(Duration::from_secs(61)).await;
    now(&edge, ok("").fault(Fault::Refuse));
    let answer = page_at(&edge, "LHR").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "page"));
    assert_eq!(answer.hop("site").verdict.as_str(), "stale");
}

#[tokio::test]
async fn an_error_of_the_origin_is_handed_on_and_not_kept() {
    let edge = edge().await;
    now(&edge, status(500));
    for count in 1..=2 {
        let answer = page_at(&edge, "LHR").await;
        assert_eq!((answer.status.as_u16(), way(&answer).len()), (500, 2));
        assert_eq!(edge.origin("site", "origin").count(), count);
    }
    now(&edge, ok("well again").max_age(60));
    assert_eq!(page_at(&edge, "LHR").await.text(), "well again");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_kept_nowhere() {
    let edge = edge().await;
    let chunks = ["one", "two"].map(Bytes::from);
    now(&edge, ok("").chunks(chunks).max_age(60).fault(Fault::Truncate(1)));
    assert!(page_at(&edge, "LHR").await.broken);
    now(&edge, ok("whole").max_age(60));
    edge.settle().await;
    assert_eq!(page_at(&edge, "LHR").await.text(), "whole");
}
