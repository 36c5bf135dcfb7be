//! Overrides on a request.

use std::time::Duration;

use selvedge::prelude::*;
use selvedge_cache::StalePermission;
use selvedge_testkit::{Edge, Fault, MissReason, NoStore, PassReason, Verdict, ok, status};

use super::{MANIFEST, ask, edge, fastly, inside, origin, sending};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn choosing(choice: Cache) -> selvedge::Service {
    sending(move |request| request.cache(choice.clone()))
}

#[tokio::test]
async fn a_ttl_counts_from_receipt_whatever_the_response_says() {
    let service = || choosing(Cache::ttl(seconds(60)));
    for edge in [edge(service()).await, fastly(service()).await] {
        let aged = ok("a").max_age(5).header("age", "3");
        let _ = origin(&edge).on("/").reply(aged);
        assert_eq!(ask(&edge).await.hop("site").verdict, Verdict::Miss(MissReason::UriMiss));
        edge.advance(Duration::from_millis(59_999)).await;
        assert_eq!(ask(&edge).await.hop("site").verdict, Verdict::Hit);
        edge.advance(Duration::from_millis(1)).await;
        assert_eq!(ask(&edge).await.hop("site").verdict, Verdict::Miss(MissReason::Stale));
    }
}

#[tokio::test]
async fn a_ttl_lifts_no_prohibition_and_is_not_for_failures() {
    let edge = edge(choosing(Cache::ttl(seconds(60)))).await;
    let private = ok("a").header("cache-control", "private");
    let _ = origin(&edge).on("/").reply(private).reply(status(500)).reply(ok("b"));
    assert_eq!(ask(&edge).await.hop("site").not_stored, Some(NoStore::Private));
    assert_eq!(ask(&edge).await.hop("site").not_stored, Some(NoStore::Status));
    assert_eq!(ask(&edge).await.hop("site").not_stored, None);
    assert_eq!(ask(&edge).await.hop("site").verdict, Verdict::Hit);
}

#[tokio::test]
async fn stale_windows_are_set_without_a_ttl_and_end_where_they_say() {
    let choice = Cache::Inherit.stale_while_revalidate(seconds(10)).stale_if_error(seconds(30));
    for edge in [edge(choosing(choice.clone())).await, fastly(choosing(choice)).await] {
        let _ =
            origin(&edge).on("/").reply(ok("old").max_age(60)).reply(ok("").fault(Fault::Refuse));
        ask(&edge).await;
        edge.advance(seconds(70)).await;
        let revalidated = Verdict::Stale(StalePermission::WhileRevalidate);
        assert_eq!(ask(&edge).await.hop("site").verdict, revalidated);
        edge.advance(Duration::from_millis(1)).await;
        assert_eq!(ask(&edge).await.hop("site").verdict, Verdict::Stale(StalePermission::IfError));
        edge.advance(Duration::from_millis(19_999)).await;
        let last = ask(&edge).await;
        assert_eq!(last.hop("site").verdict, Verdict::Stale(StalePermission::IfError));
        assert_eq!(last.text(), "old");
    }
}

#[tokio::test]
async fn after_the_window_fastly_fails_and_rfc_bridges_the_outage() {
    let choice = Cache::Inherit.stale_if_error(seconds(30));
    for (edge, code) in
        [(edge(choosing(choice.clone())).await, 200), (fastly(choosing(choice)).await, 502)]
    {
        let _ =
            origin(&edge).on("/").reply(ok("old").max_age(60)).reply(ok("").fault(Fault::Refuse));
        ask(&edge).await;
        edge.advance(Duration::from_millis(90_001)).await;
        assert_eq!(ask(&edge).await.status, code);
    }
}

#[tokio::test]
async fn a_pass_is_neither_looked_up_nor_stored_and_nothing_is_added_to_it() {
    let edge = edge(choosing(Cache::Pass.surrogate_key("k").lookup_timeout(seconds(1)))).await;
    let _ = origin(&edge).on("/").reply(ok("a").max_age(60));
    for _ in 0..2 {
        let answer = ask(&edge).await;
        assert_eq!(answer.hop("site").verdict, Verdict::Pass(PassReason::Requested));
    }
    assert_eq!(origin(&edge).count(), 2);
}

#[tokio::test]
async fn surrogate_keys_join_those_of_the_response_and_survive_a_304() {
    let service = choosing(Cache::ttl(seconds(60)).surrogate_keys(["one", "two"]));
    let edge = Edge::from_toml(MANIFEST).service(service).admin_token("t").start().await;
    let first = ok("a").header("surrogate-key", "own").header("etag", "\"1\"");
    let tagged = status(304).header("surrogate-key", "new").header("etag", "\"1\"");
    let plain = status(304).header("etag", "\"1\"");
    let _ = origin(&edge).on("/").reply(first).reply(plain).reply(tagged);
    for expected in ["own, one, two", "own, one, two", "new, one, two"] {
        assert_eq!(inside(&edge, "surrogate-key").await, expected);
        assert_eq!(inside(&edge, "surrogate-key").await, expected);
        edge.advance(seconds(60)).await;
    }
    assert_eq!(origin(&edge).count(), 3);
}

#[tokio::test]
async fn what_is_no_surrogate_key_is_the_services_fault_and_nothing_is_sent() {
    for key in ["", "two words", "käse"] {
        let edge = edge(choosing(Cache::Inherit.surrogate_keys(["good", key]))).await;
        let answer = ask(&edge).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.header("error-reason"), "invalid surrogate key");
        assert_eq!(origin(&edge).count(), 0);
    }
}
