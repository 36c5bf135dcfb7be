//! Health checks and directors, with the clock at exact positions.

use std::time::Duration;

use selvedge_testkit::{Edge, Fault, Method, Refusal, Reply, StalePermission, Verdict, ok, status};

use super::{TOKEN, head};

/// Two backends that are probed each ten seconds, and directors of both.
const MANIFEST: &str = r#"
manifest_version = 1
name = "health"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backend = "steady"
[services.site.backends.one]
url = "http://one.example"
healthcheck = { path = "/healthz?deep", host = "probe.example", interval_ms = 10000, window = 3, threshold = 2, initial = 2 }
[services.site.backends.two]
url = "http://two.example"
override_host = "two.inner"
healthcheck = { path = "/up", method = "HEAD", expected_status = 204, interval_ms = 10000, window = 1, threshold = 1, initial = 1 }
[services.site.directors]
steady = { choice = "fallback", backends = ["one", "two"] }
by_url = { choice = "hash_url", backends = ["one", "two"] }
by_chance = { choice = "random", backends = { one = 3, two = 1 } }
[[services.site.rules]]
when.path = "/by-url/**"
then = { backend = "by_url", pass = true, rewrite_path = { strip = "/by-url" } }
[[services.site.rules]]
when.path = "/by-chance/**"
then = { backend = "by_chance", pass = true, rewrite_path = "/" }
[[services.site.rules]]
when.path = "/only/**"
then.backend = "one"
"#;

const HOME: &str = "http://site.localhost/";
const ONLY: &str = "http://site.localhost/only/page";

/// What the probes of the two are answered, one after the other; the last answer stays.
async fn edge(one: &[u16], two: &[u16]) -> Edge {
    let edge = Edge::from_toml(MANIFEST).admin_token(TOKEN).start().await;
    for (backend, path, probes) in [("one", "/healthz", one), ("two", "/up", two)] {
        let origin = edge.origin("site", backend);
        for code in probes {
            let _ = origin.on(path).reply(probe(*code));
        }
        let page = ok(backend).header("cache-control", "max-age=5, stale-if-error=600");
        let _ = origin.on("/only/page").reply(page);
        for path in ["/", "/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7"] {
            let _ = origin.on(path).reply(ok(backend).header("cache-control", "no-store"));
        }
    }
    edge
}

fn probe(code: u16) -> Reply {
    match code {
        0 => ok("").fault(Fault::Timeout),
        code => status(code),
    }
}

async fn advance(edge: &Edge, seconds: u64) {
    edge.advance(Duration::from_secs(seconds)).await;
}

async fn body(edge: &Edge, url: &str) -> String {
    head(edge, url, &[]).await.text()
}

#[tokio::test]
async fn a_backend_is_probed_at_once_and_then_once_in_its_interval() {
    let edge = edge(&[200], &[204]).await;
    let one = edge.origin("site", "one");
    let counts = [(0, 1), (9, 1), (1, 2), (9, 2), (1, 3), (35, 6)];
    for (seconds, count) in counts {
        advance(&edge, seconds).await;
        assert_eq!(one.count(), count, "after {seconds} s more");
    }
    let probe = &one.arrived()[0];
    assert_eq!((probe.method.as_str(), probe.target.as_str()), ("GET", "/healthz?deep"));
    assert_eq!(probe.headers["host"], "probe.example");
    let probe = &edge.origin("site", "two").arrived()[0];
    assert_eq!((probe.method.as_str(), probe.target.as_str()), ("HEAD", "/up"));
    assert_eq!(probe.headers["host"], "two.inner");
}

#[tokio::test]
async fn a_fallback_changes_at_the_probe_that_turns_it_and_back() {
    // Of three probes two must succeed; it starts with two that count as passed.
    let edge = edge(&[500, 500, 200, 200], &[204]).await;
    let mut chosen = Vec::new();
    for seconds in [0, 9, 1, 9, 1, 9, 1] {
        advance(&edge, seconds).await;
        chosen.push(body(&edge, HOME).await);
    }
    assert_eq!(chosen, ["one", "one", "two", "two", "two", "two", "one"]);
    let told = |what: &str| ("site".to_owned(), format!("backend `one` is {what}"));
    assert_eq!(
        edge.logs(),
        [
            told("unhealthy; its last probe had the status 500"),
            told("healthy; its last probe had the status 200")
        ]
    );
}

#[tokio::test]
async fn where_none_works_what_is_stale_is_served_and_else_it_is_refused() {
    let edge = edge(&[200, 500, 500, 500], &[204, 0]).await;
    advance(&edge, 0).await;
    assert_eq!(body(&edge, ONLY).await, "one");
    advance(&edge, 30).await;
    let stale = head(&edge, ONLY, &[]).await;
    assert_eq!(stale.hop("site").verdict, Verdict::Stale(StalePermission::IfError));
    for (url, detail) in [
        ("http://site.localhost/only/other", "backend `one` of service `site`"),
        (HOME, "director `steady` of service `site`"),
    ] {
        let refused = head(&edge, url, &[]).await;
        assert_eq!(
            (refused.status.as_u16(), refused.header("error-reason").as_str()),
            (503, "no healthy backend")
        );
        let (refusal, told) = refused.hop("site").refused.clone().unwrap();
        assert_eq!(refusal, Refusal::NoHealthyBackend);
        assert_eq!(told, format!("no healthy backend: {detail}"));
    }
    let ask = edge.admin(Method::GET, "/service/site/health").header("fastly-key", TOKEN);
    assert_eq!(
        ask.send().await.text(),
        r#"[{"name":"one","healthy":false,"probed":true,"under_way":0,"max_connections":200},{"name":"two","healthy":false,"probed":true,"under_way":0,"max_connections":200}]"#
    );
}

#[tokio::test]
async fn a_hash_stays_with_its_backend_while_that_works() {
    let edge = edge(&[200, 200, 500, 500, 500], &[204]).await;
    let chosen = async || {
        let mut all = Vec::new();
        for number in 0..8 {
            all.push(body(&edge, &format!("http://site.localhost/by-url/{number}")).await);
        }
        all
    };
    let first = chosen().await;
    assert!(first.contains(&"one".to_owned()) && first.contains(&"two".to_owned()), "{first:?}");
    assert_eq!(chosen().await, first);
    advance(&edge, 40).await;
    assert_eq!(chosen().await, ["two"; 8]);
}

#[tokio::test]
async fn chance_follows_the_weights_and_is_the_same_in_every_run() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let edge = edge(&[200], &[204]).await;
        let mut chosen = Vec::new();
        for _ in 0..40 {
            chosen.push(body(&edge, "http://site.localhost/by-chance/").await);
        }
        runs.push(chosen);
    }
    let ones = runs[0].iter().filter(|name| *name == "one").count();
    assert!((24..=36).contains(&ones), "{ones} of 40");
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn what_is_known_of_a_backend_stays_known_while_it_does_not_change() {
    let edge = edge(&[500], &[204]).await;
    advance(&edge, 10).await;
    assert_eq!(body(&edge, HOME).await, "two");
    for (method, path, fields) in [
        (Method::PUT, "version/1/clone", ""),
        (Method::POST, "version/2/domain", "name=more.localhost"),
        (Method::PUT, "version/2/activate", ""),
    ] {
        let ask = edge.admin(method, &format!("/service/site/{path}"));
        let ask = ask.header("fastly-key", TOKEN).body(fields);
        let answer = ask.header("content-type", "application/x-www-form-urlencoded").send().await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    assert_eq!(body(&edge, "http://more.localhost/").await, "two");
    assert_eq!(
        body(&edge, "http://more.localhost/only/page").await.lines().next(),
        Some("the backend is not available")
    );
    let probes = edge.origin("site", "one").count();
    advance(&edge, 9).await;
    assert_eq!(edge.origin("site", "one").count(), probes, "its next probe is due as before");
    let hits = edge.admin(Method::GET, "/service/site/rules").header("fastly-key", TOKEN);
    let hits = hits.send().await.text();
    assert!(hits.ends_with(r#"{"number":3,"name":null,"hits":1}]"#), "{hits}");
}

/// A service of the account is probed as it would be asked: in the process, with a token, by its own rules.
#[tokio::test]
async fn a_service_is_probed_without_a_socket() {
    let manifest = r#"
manifest_version = 1
name = "inside"
[pops.LHR]
[config_stores.config]
contents = { edge_auth_secret_id = "1" }
[secret_stores.secrets]
items = [{ key = "1", data = "a secret" }]
[services.site]
type = "delivery"
domains = ["site.localhost"]
links = { config = { config_store = "config" }, secrets = { secret_store = "secrets" } }
[services.site.backends.inner]
service = "inner"
chain_auth = { config = "config", secrets = "secrets" }
healthcheck = { path = "/up", interval_ms = 10000, window = 1, threshold = 1, initial = 1 }
[services.inner]
type = "delivery"
domains = ["inner.localhost"]
cache = "off"
links = { config = { config_store = "config" }, secrets = { secret_store = "secrets" } }
require_chain_auth = { config = "config", secrets = "secrets" }
backends.origin.url = "http://origin.example"
"#;
    let edge = Edge::from_toml(manifest).start().await;
    let origin = edge.origin("inner", "origin");
    let _ = origin.on("/up").reply(status(200)).reply(status(503)).reply(status(200));
    let _ = origin.on("/").reply(ok("x"));
    for (seconds, status) in [(0, 200), (10, 503), (9, 503), (1, 200)] {
        advance(&edge, seconds).await;
        assert_eq!(head(&edge, HOME, &[]).await.status, status, "after {seconds} s more");
    }
    assert_eq!(origin.arrived()[0].headers["host"], "inner.localhost");
}
