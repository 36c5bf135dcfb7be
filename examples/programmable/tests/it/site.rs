//! The site's behaviour, in memory.

use std::time::Duration;

use selvedge_testkit::{Answer, Edge, MissReason, StalePermission, Verdict};

const STORM: &str = "http://site.localhost/articles/storm";

async fn edge() -> Edge {
    Edge::from_toml(include_str!("../../edge.toml"))
        .service(programmable::site::service())
        .service(programmable::press::press::service())
        .start()
        .await
}

async fn put(edge: &Edge, text: &'static str) -> Answer {
    edge.ask(&format!("PUT {STORM}")).body(text).await
}

#[tokio::test]
async fn an_article_is_cleaned_before_it_is_stored() {
    let edge = edge().await;
    for verdict in [Verdict::Miss(MissReason::UriMiss), Verdict::Hit] {
        let answer = edge.get(STORM).header("cookie", "session=9").await;
        assert_eq!(answer.text(), "A storm is coming. Call xxx-xxxx for shelter.\n");
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(answer.hop("site").verdict, verdict);
    }
}

#[tokio::test]
async fn what_is_missing_is_remembered_briefly() {
    let edge = edge().await;
    let url = "http://site.localhost/articles/none";
    let ask = async || edge.get(url).await.hop("site").verdict;
    assert_eq!(ask().await, Verdict::Miss(MissReason::UriMiss));
    edge.advance(Duration::from_millis(9_999)).await;
    assert_eq!(ask().await, Verdict::Hit);
    edge.advance(Duration::from_secs(61)).await;
    assert_eq!(ask().await, Verdict::Miss(MissReason::Stale));
}

#[tokio::test]
async fn a_new_text_is_read_once_the_old_one_was_refreshed() {
    let edge = edge().await;
    edge.get(STORM).await;
    assert_eq!(put(&edge, "over").await.status, 204);
    let old = edge.get(STORM).await;
    assert_eq!(old.hop("site").verdict, Verdict::Stale(StalePermission::WhileRevalidate));
    edge.settle().await;
    let new = edge.get(STORM).await;
    assert_eq!((new.text().as_str(), new.hop("site").verdict), ("over", Verdict::Hit));
}

#[tokio::test]
async fn an_accident_of_the_press_shows_the_old_text_as_long_as_that_may_be() {
    let edge = edge().await;
    edge.get(STORM).await;
    put(&edge, "").await;
    edge.advance(Duration::from_secs(3600)).await;
    let old = edge.get(STORM).await;
    assert_eq!(old.hop("site").verdict, Verdict::Stale(StalePermission::IfError));
    assert!(old.text().starts_with("A storm"), "{}", old.text());
    edge.advance(Duration::from_millis(1)).await;
    let bridged = edge.get(STORM).await;
    assert_eq!(bridged.header("error-reason"), "invalid response");
}

#[tokio::test]
async fn everything_is_recalled_at_once() {
    let edge = edge().await;
    edge.get(STORM).await;
    edge.ask("DELETE http://site.localhost/articles").await.assert_status(204);
    assert_eq!(edge.get(STORM).await.hop("site").verdict, Verdict::Miss(MissReason::UriMiss));
}

#[tokio::test]
async fn a_visit_is_counted_after_the_response() {
    let edge = edge().await;
    let count = async || edge.get("http://site.localhost/visits/storm").await.text();
    edge.get(STORM).await;
    edge.get(STORM).await;
    assert_eq!(count().await, "0\n");
    edge.settle().await;
    assert_eq!(count().await, "2\n");
}

#[tokio::test]
async fn a_name_that_makes_no_tag_is_refused_before_anything_is_sent() {
    let edge = edge().await;
    let long = "a".repeat(1_100);
    for name in ["bad%20key", "%E2%82%AC", "line%0Abreak", &long] {
        let url = format!("http://site.localhost/articles/{name}");
        for method in ["PUT", "GET"] {
            let answer = edge.ask(&format!("{method} {url}")).body("x").await;
            assert_eq!(answer.status, 400, "{url}");
            assert!(answer.text().starts_with("an article's name is "), "{}", answer.text());
            answer.assert_path(&["LHR/site synthetic"]);
        }
    }
}

#[tokio::test]
async fn the_longest_name_that_makes_a_tag_is_an_article() {
    let edge = edge().await;
    let url = format!("http://site.localhost/articles/{}", "a".repeat(1_016));
    edge.ask(&format!("PUT {url}")).body("long").await.assert_status(204);
    assert_eq!(edge.get(&url).await.text(), "long");
    edge.ask(&format!("PUT {url}a")).body("x").await.assert_status(400);
}
