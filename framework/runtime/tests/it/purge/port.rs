//! `PURGE` where requests come in.

use selvedge_testkit::{MissReason, Refusal, Verdict};

use super::{TOKEN, are_hits, counts, edge, purge_method, warm};

const HOME: &str = "http://site.localhost/";
const OTHER: &str = "http://site.localhost/other";
const OPEN: &str = "http://open.localhost/";

#[tokio::test]
async fn the_operator_purges_the_url_and_the_origin_hears_nothing() {
    let edge = edge().await;
    warm(&edge, &[HOME, OTHER]).await;
    let before = edge.origin("site", "origin").count();
    let answer = edge.request(purge_method(), HOME).header("fastly-key", TOKEN).send().await;
    assert_eq!(counts(&answer), "IAD=1, LHR=0");
    let text = answer.text();
    assert!(text.starts_with(r#"{"status":"ok","id":""#), "{text}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(edge.origin("site", "origin").count(), before);
    assert_eq!(are_hits(&edge, &[HOME, OTHER]).await, [false, true]);
}

#[tokio::test]
async fn others_are_refused_by_name() {
    let edge = edge().await;
    warm(&edge, &[HOME]).await;
    for key in [None, Some(""), Some("wrong")] {
        let mut ask = edge.request(purge_method(), HOME);
        if let Some(key) = key {
            ask = ask.header("fastly-key", key);
        }
        let answer = ask.send().await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("error-reason").as_str()),
            (403, "purge unauthorised")
        );
        let refused = answer.hop("site").refused.as_ref().map(|(refusal, _)| *refusal);
        assert_eq!(refused, Some(Refusal::PurgeUnauthorised));
        assert_eq!(answer.header("selvedge-purged"), "");
    }
    assert_eq!(edge.origin("site", "origin").count(), 1);
    assert_eq!(are_hits(&edge, &[HOME]).await, [true]);
}

#[tokio::test]
async fn an_open_service_asks_nobody() {
    let edge = edge().await;
    warm(&edge, &[OPEN]).await;
    assert_eq!(counts(&edge.request(purge_method(), OPEN).send().await), "IAD=1, LHR=0");
    assert_eq!(counts(&edge.request(purge_method(), OPEN).send().await), "IAD=0, LHR=0");
    assert_eq!(are_hits(&edge, &[OPEN]).await, [false]);
}

#[tokio::test]
async fn it_can_be_soft() {
    let edge = edge().await;
    warm(&edge, &[OPEN]).await;
    let ask = edge.request(purge_method(), OPEN).header("fastly-soft-purge", "1");
    assert_eq!(counts(&ask.send().await), "IAD=1, LHR=0");
    let answer = edge.get(OPEN).await;
    assert_eq!(answer.hop("open").verdict, Verdict::Miss(MissReason::Stale));
    assert_eq!(edge.origin("open", "origin").arrived()[1].headers["if-none-match"], "\"1\"");
}

#[tokio::test]
async fn the_token_never_reaches_an_origin() {
    let edge = edge().await;
    for url in [HOME, OPEN] {
        edge.request(selvedge_testkit::Method::GET, url).header("fastly-key", TOKEN).send().await;
        edge.request(purge_method(), url).header("fastly-key", TOKEN).send().await;
    }
    for service in ["site", "open"] {
        let arrived = edge.origin(service, "origin").arrived();
        assert!(arrived.len() == 1 && !arrived[0].headers.contains_key("fastly-key"));
    }
}
