//! A soft purge makes stale: from then on the windows run, in both profiles.

use std::time::Duration;

use selvedge_testkit::{
    Edge, Fault, Method, MissReason, Reply, StalePermission, Verdict, ok, status,
};

use super::{counts, edge, post, warm};

const SERVICES: [&str; 2] = ["site", "fastly"];

/// The three purges that can be soft.
fn purges(service: &str) -> [(String, &'static str); 3] {
    [
        (format!("/purge/{service}.localhost/x"), ""),
        (format!("/service/{service}/purge/x"), ""),
        (format!("/service/{service}/purge"), "x y"),
    ]
}

async fn soften(edge: &Edge, (path, keys): &(String, &str)) -> String {
    // Any value is soft.
    let mut ask = post(edge, path).header("fastly-soft-purge", "0");
    if !keys.is_empty() {
        ask = ask.header("surrogate-key", keys);
    }
    counts(&ask.send().await)
}

async fn verdict(edge: &Edge, service: &str) -> Verdict {
    edge.get(&format!("http://{service}.localhost/x")).await.hop(service).verdict
}

/// An edge that has cached `/x` for an hour, with these further directives, and whose origin answers
/// with something else from now on.
async fn with(service: &str, directives: &str, then: Reply) -> Edge {
    let edge = edge().await;
    let control = format!("max-age=3600{directives}");
    let reply = ok("one").header("cache-control", &control).header("surrogate-key", "x");
    let reply = reply.header("etag", "\"x\"");
    let _ = edge.origin(service, "origin").on("/x").reply(reply).reply(then);
    warm(&edge, &[&format!("http://{service}.localhost/x")]).await;
    edge
}

#[tokio::test]
async fn without_windows_the_next_request_asks_whether_it_changed() {
    for service in SERVICES {
        for purge in purges(service) {
            let same = status(304).max_age(3600).header("etag", "\"x\"");
            let edge = with(service, "", same).await;
            assert_eq!(soften(&edge, &purge).await, "IAD=1, LHR=0", "{service} {purge:?}");
            assert_eq!(verdict(&edge, service).await, Verdict::Miss(MissReason::Stale));
            let arrived = edge.origin(service, "origin").arrived();
            assert_eq!(arrived.last().unwrap().headers["if-none-match"], "\"x\"");
            assert_eq!(verdict(&edge, service).await, Verdict::Hit);
        }
    }
}

/// What the origin says to HEAD without a validator proves nothing of what lies here.
#[tokio::test]
async fn head_brings_nothing_back() {
    for service in SERVICES {
        let edge = edge().await;
        let url = format!("http://{service}.localhost/x");
        let reply = |text| ok(text).max_age(3600).header("surrogate-key", "x");
        let _ = edge.origin(service, "origin").on("/x").reply(reply("one")).then(reply("two"));
        warm(&edge, &[&url]).await;
        assert_eq!(soften(&edge, &purges(service)[0]).await, "IAD=1, LHR=0", "{service}");
        edge.request(Method::HEAD, &url).send().await.assert_status(200);
        assert_eq!(edge.get(&url).await.text(), "two", "{service}");
    }
}

#[tokio::test]
async fn stale_while_revalidate_runs_from_the_purge() {
    for service in SERVICES {
        for purge in purges(service) {
            let edge = with(service, ", stale-while-revalidate=30", status(503)).await;
            edge.advance(Duration::from_secs(100)).await;
            assert_eq!(soften(&edge, &purge).await, "IAD=1, LHR=0", "{service} {purge:?}");
            edge.advance(Duration::from_secs(30)).await;
            let unasked = Verdict::Stale(StalePermission::WhileRevalidate);
            assert_eq!(verdict(&edge, service).await, unasked, "{service} {purge:?}");
            edge.advance(Duration::from_millis(1)).await;
            let asked = verdict(&edge, service).await;
            assert_eq!(asked, Verdict::Miss(MissReason::Stale), "{service} {purge:?}");
        }
    }
}

#[tokio::test]
async fn the_first_soft_purge_counts() {
    for service in SERVICES {
        let edge = with(service, ", stale-while-revalidate=30", status(503)).await;
        let [purge, ..] = purges(service);
        soften(&edge, &purge).await;
        edge.advance(Duration::from_secs(20)).await;
        soften(&edge, &purge).await;
        edge.advance(Duration::from_secs(11)).await;
        assert_eq!(verdict(&edge, service).await, Verdict::Miss(MissReason::Stale), "{service}");
    }
}

#[tokio::test]
async fn stale_if_error_runs_from_the_purge() {
    for service in SERVICES {
        let edge = with(service, ", stale-if-error=30", ok("").fault(Fault::Refuse)).await;
        edge.advance(Duration::from_secs(100)).await;
        soften(&edge, &purges(service)[1]).await;
        edge.advance(Duration::from_secs(30)).await;
        assert_eq!(verdict(&edge, service).await, Verdict::Stale(StalePermission::IfError));
    }
}

/// Where nothing forbids it, `rfc` bridges an outage for an hour from the purge on; `fastly` never.
#[tokio::test]
async fn an_unreachable_origin_is_bridged_by_profile() {
    for (service, expected) in [
        ("site", Verdict::Stale(StalePermission::Disconnected)),
        ("fastly", Verdict::Miss(MissReason::Stale)),
    ] {
        let edge = with(service, "", ok("").fault(Fault::Refuse)).await;
        soften(&edge, &purges(service)[0]).await;
        edge.advance(Duration::from_secs(60 * 60)).await;
        assert_eq!(verdict(&edge, service).await, expected, "{service}");
        edge.advance(Duration::from_millis(1)).await;
        assert_eq!(verdict(&edge, service).await, Verdict::Miss(MissReason::Stale), "{service}");
    }
}

#[tokio::test]
async fn a_hard_purge_takes_what_a_soft_one_left() {
    for service in SERVICES {
        let edge = with(service, ", stale-while-revalidate=600", status(503)).await;
        soften(&edge, &purges(service)[0]).await;
        let answer = post(&edge, &format!("/service/{service}/purge/x")).send().await;
        assert_eq!(counts(&answer), "IAD=1, LHR=0");
        assert_eq!(verdict(&edge, service).await, Verdict::Miss(MissReason::UriMiss));
    }
}

const CHAIN: &str = r#"
manifest_version = 1
name = "chain"
[pops.LHR]
[services.front]
type = "delivery"
domains = ["front.localhost"]
backends.second = { service = "second" }
[services.second]
type = "delivery"
domains = ["second.localhost"]
backends.origin = { url = "http://origin.example" }
rules = [{ when = { path = "/**" }, then = { stale_while_revalidate = "1h" } }]
"#;

/// What the next service serves stale is not fresh to the one in front, though its `Age` says that it could be.
#[tokio::test]
async fn a_stale_answer_of_the_next_service_is_not_stored_in_front() {
    let edge = Edge::from_toml(CHAIN).start().await;
    let origin = edge.origin("second", "origin");
    let _ = origin.on("/x").reply(ok("one").max_age(60)).reply(ok("two").max_age(60));
    let url = "http://front.localhost/x";
    assert_eq!(edge.get(url).await.text(), "one");
    for service in ["second", "front"] {
        let _ = edge.purge(service).soft().url(&format!("http://{service}.localhost/x"));
    }
    let stale = edge.get(url).await;
    assert_eq!(stale.text(), "one");
    assert!(matches!(stale.hop("second").verdict, Verdict::Stale(_)));
    edge.settle().await;
    assert_eq!(edge.get(url).await.text(), "two");
    assert_eq!(edge.get(url).await.hop("front").verdict, Verdict::Hit);
}
