//! A fetch that began before a purge and ends after it: what it brought is found by nobody.

use bytes::Bytes;
use http_body_util::BodyExt;
use selvedge_testkit::{Edge, Verdict, ok};

use super::{edge, post};

/// An object whose body has begun to come, and is read to its end after `purge`.
async fn fetched_around(edge: &Edge, purge: &str, softly: bool) {
    let chunks = ["one", "two", "three"].map(Bytes::from);
    let reply = ok("").chunks(chunks).max_age(60).header("surrogate-key", "slow");
    let _ = edge.origin("site", "origin").on("/slow").reply(reply);
    let request = http::Request::get("http://site.localhost/slow");
    let response = edge.open(request.body(selvedge::Body::empty()).unwrap()).await;
    let mut body = response.into_body();
    assert!(body.frame().await.unwrap().is_ok());
    let mut ask = post(edge, purge);
    if softly {
        ask = ask.header("fastly-soft-purge", "1");
    }
    assert_eq!(ask.send().await.status, 200);
    assert_eq!(body.collect().await.unwrap().to_bytes(), "twothree");
    edge.settle().await;
}

#[tokio::test]
async fn nothing_from_before_a_purge_is_fresh_after_it() {
    for softly in [false, true] {
        for purge in
            ["/purge/site.localhost/slow", "/service/site/purge/slow", "/service/site/purge_all"]
        {
            let edge = edge().await;
            fetched_around(&edge, purge, softly).await;
            let verdict = edge.get("http://site.localhost/slow").await.hop("site").verdict;
            assert!(matches!(verdict, Verdict::Miss(_)), "{purge} softly {softly}: {verdict:?}");
            assert_eq!(edge.origin("site", "origin").count(), 2);
            // What was fetched after it stays.
            let verdict = edge.get("http://site.localhost/slow").await.hop("site").verdict;
            assert_eq!(verdict, Verdict::Hit, "{purge} softly {softly}");
        }
    }
}
