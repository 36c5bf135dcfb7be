//! `PURGE` and services in a chain: code receives it like any request, and rules behind code answer
//! whoever may purge.

use selvedge::prelude::*;
use selvedge_testkit::{Answer, Edge, ok};

use super::{TOKEN, counts, post, purge_method};

const MANIFEST: &str = r#"
manifest_version = 1
name = "chained"
[pops.LHR]
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [{ key = "1", data = "a secret of the test" }]

[services.front]
type = "compute"
handler = "front"
domains = ["front.localhost"]
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.front.backends.guarded]
service = "guarded"
chain_auth = { config = "config", secrets = "secrets", mode = "signed" }
[services.front.backends.plain]
service = "plain"

[services.guarded]
type = "delivery"
domains = ["guarded.localhost"]
require_chain_auth = { config = "config", secrets = "secrets", accept = ["signed"] }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
backends.origin = { url = "http://origin.example" }

[services.plain]
type = "delivery"
domains = ["plain.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

/// The service that asks for a chain token.
#[backend("guarded")]
struct Guarded;

/// The one that does not.
#[backend("plain")]
struct Plain;

/// Passes everything on, `/plain/**` to the one and the rest to the other; purges by itself where
/// it is told to.
#[edge_handler(router, needs(Guarded, Plain))]
fn front() -> Router {
    Router::new()
        .route("/changed", post_route(changed))
        .route("/changed-plain", post_route(changed_plain))
        .route("/with-key", post_route(with_key))
        .route("/plain", axum::routing::any(through_plain))
        .fallback(through)
}

use axum::routing::post as post_route;

async fn through(guarded: Guarded, req: Request) -> Result<Response> {
    assert!(!req.headers().contains_key("fastly-key"), "the token has reached a handler");
    guarded.send(req.cache(Cache::Pass)).await
}

async fn through_plain(plain: Plain, req: Request) -> Result<Response> {
    plain.send(req.cache(Cache::Pass)).await
}

fn purge_of(path: &'static str) -> Request {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = purge_method();
    *request.uri_mut() = http::Uri::from_static(path);
    request
}

async fn changed(guarded: Guarded) -> Result<Response> {
    guarded.send(purge_of("/page")).await
}

async fn changed_plain(plain: Plain) -> Result<Response> {
    plain.send(purge_of("/plain")).await
}

async fn with_key(plain: Plain) -> Result<Response> {
    let mut request = purge_of("/plain");
    request.headers_mut().insert("fastly-key", HeaderValue::from_static(TOKEN));
    plain.send(request).await
}

async fn edge() -> Edge {
    let edge = Edge::from_toml(MANIFEST).admin_token(TOKEN).service(front::service()).start().await;
    for (service, path) in [("guarded", "/page"), ("plain", "/plain")] {
        let _ = edge.origin(service, "origin").on(path).reply(ok(service).max_age(60));
        let url = format!("http://front.localhost{path}");
        assert_eq!(edge.get(&url).await.text(), service);
        assert_eq!(edge.get(&url).await.header("x-cache"), "HIT, MISS");
    }
    edge
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.header("error-reason"))
}

#[tokio::test]
async fn the_operators_purge_goes_through_code() {
    for path in ["/page", "/plain"] {
        let edge = edge().await;
        let url = format!("http://front.localhost{path}");
        let answer = edge.request(purge_method(), &url).header("fastly-key", TOKEN).send().await;
        assert_eq!(counts(&answer), "LHR=1");
        assert_eq!(edge.get(&url).await.header("x-cache"), "MISS, MISS");
    }
}

/// A service that passes on whatever it gets lends its chain token to nobody's PURGE.
#[tokio::test]
async fn a_strangers_purge_is_refused_behind_code_too() {
    for path in ["/page", "/plain"] {
        let edge = edge().await;
        let url = format!("http://front.localhost{path}");
        let answer = edge.request(purge_method(), &url).send().await;
        assert_eq!(refused(&answer), (403, "purge unauthorised".to_owned()));
        assert_eq!(edge.get(&url).await.header("x-cache"), "HIT, MISS");
    }
}

#[tokio::test]
async fn a_trusted_service_purges_on_its_own_account() {
    let edge = edge().await;
    let ask = |path: &str| {
        let url = format!("http://front.localhost{path}");
        edge.request(selvedge_testkit::Method::POST, &url).send()
    };
    assert_eq!(refused(&ask("/changed-plain").await), (403, "purge unauthorised".to_owned()));
    assert_eq!(counts(&ask("/changed").await), "LHR=1");
    assert_eq!(counts(&ask("/with-key").await), "LHR=1");
    for (service, before) in [("guarded", 1), ("plain", 1)] {
        assert_eq!(edge.origin(service, "origin").count(), before, "{service}");
    }
    for path in ["/page", "/plain"] {
        let answer = edge.get(&format!("http://front.localhost{path}")).await;
        assert_eq!(answer.header("x-cache"), "MISS, MISS", "{path}");
    }
}

#[tokio::test]
async fn the_chain_guard_comes_before_the_purge() {
    let edge = edge().await;
    let url = "http://guarded.localhost/page";
    let answer = edge.request(purge_method(), url).header("fastly-key", TOKEN).send().await;
    assert_eq!(refused(&answer), (403, "chain token missing".to_owned()));
    assert_eq!(counts(&post(&edge, "/purge/guarded.localhost/page").send().await), "LHR=1");
}

/// What a compute service has cached under its own name is purged by its own domain.
#[tokio::test]
async fn a_compute_service_has_a_cache_to_purge_too() {
    let edge = edge().await;
    let answer = post(&edge, "/purge/front.localhost/page").send().await;
    assert_eq!(counts(&answer), "LHR=0");
    assert_eq!(edge.get("http://front.localhost/page").await.header("x-cache"), "HIT, MISS");
}
