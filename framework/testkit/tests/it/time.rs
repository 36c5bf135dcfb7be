//! The clock: it moves when told to, and stops wherever somebody waits for it.

use std::time::Duration;

use selvedge_testkit::{Edge, ok};

use crate::shop::shop;

const URL: &str = "http://catalog.localhost/";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn edge() -> Edge {
    shop().start().await
}

#[tokio::test]
async fn a_delay_is_over_when_the_clock_says_so() {
    let edge = edge().await;
    edge.origin("catalog", "origin").on("/").reply(ok("late").after(seconds(3)));
    let asked = edge.get(URL).begin();
    edge.advance(Duration::from_millis(2_999)).await;
    assert!(!asked.is_answered());
    edge.advance(Duration::from_millis(1)).await;
    assert!(asked.is_answered());
    let answer = asked.await;
    assert_eq!((answer.text().as_str(), answer.hop("catalog").took_ms), ("late", 3_000));
}

#[tokio::test]
async fn a_delay_beyond_the_backends_patience_is_a_timeout_at_its_end() {
    let edge = edge().await;
    edge.origin("catalog", "origin").on("/").reply(ok("too late").after(seconds(6)));
    let asked = edge.get(URL).begin();
    edge.advance(Duration::from_millis(4_999)).await;
    assert!(!asked.is_answered());
    edge.advance(Duration::from_millis(1)).await;
    assert_eq!(asked.await.header("error-reason"), "first byte timeout");
}

#[tokio::test]
async fn a_slow_body_comes_piece_by_piece() {
    for (elapsed, is_answered) in [(2_999, false), (3_000, true)] {
        let edge = edge().await;
        edge.origin("catalog", "origin").on("/").reply(ok("abcdefg").slow(3, seconds(1)));
        let asked = edge.get(URL).begin();
        edge.advance(Duration::from_millis(elapsed)).await;
        assert_eq!(asked.is_answered(), is_answered);
        edge.advance(seconds(1)).await;
        assert_eq!(asked.await.text(), "abcdefg");
    }
}

#[tokio::test]
async fn one_advance_stops_wherever_something_is_due() {
    let edge = edge().await;
    let origin = edge.origin("catalog", "origin");
    origin.on("/first").reply(ok("1").after(seconds(1)));
    origin.on("/second").reply(ok("2").after(seconds(2)).slow(1, seconds(1)));
    let first = edge.get("http://catalog.localhost/first").begin();
    let second = edge.get("http://catalog.localhost/second").begin();
    edge.advance(seconds(60)).await;
    let (first, second) = (first.await, second.await);
    // Each had its answer at its own time, and not at the end.
    assert_eq!((first.hop("catalog").took_ms, second.hop("catalog").took_ms), (1_000, 2_000));
}

#[tokio::test]
async fn background_work_that_is_held_up_goes_on_when_it_can() {
    let edge = edge().await;
    let fresh = |text| ok(text).header("cache-control", "max-age=10, stale-while-revalidate=60");
    let origin = edge.origin("catalog", "origin");
    origin.on("/").reply(fresh("old")).then(fresh("new").after(seconds(2)));
    edge.get(URL).await;
    edge.advance(seconds(20)).await;
    assert_eq!(edge.get(URL).await.text(), "old");
    edge.settle().await;
    origin.assert_count(2);
    assert_eq!(edge.get(URL).await.text(), "old");
    edge.advance(seconds(2)).await;
    assert_eq!(edge.get(URL).await.text(), "new");
    origin.assert_count(2);
}

#[tokio::test]
async fn a_client_can_go_away() {
    let edge = edge().await;
    edge.origin("catalog", "origin").on("/").reply(ok("x").after(seconds(1)));
    let asked = edge.get(URL).begin();
    edge.settle().await;
    asked.leave();
    edge.advance(seconds(2)).await;
    edge.origin("catalog", "origin").assert_count(1);
}
