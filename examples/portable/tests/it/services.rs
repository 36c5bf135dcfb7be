//! In memory, what `cargo xtask wasm --viceroy` asks of the programs.

use portable::{site, stock::stock, trouble::trouble};
use selvedge::prelude::*;
use selvedge_testkit::Edge;

async fn edge() -> Edge {
    Edge::from_toml(include_str!("../../edge.toml"))
        .service(site::service())
        .service(stock::service())
        .service(trouble::service())
        .start()
        .await
}

#[tokio::test]
async fn names_are_kept_and_the_last_one_is_noted_afterwards() {
    let edge = edge().await;
    assert_eq!(edge.get("http://site.localhost/users/2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(edge.get("http://site.localhost/users/1").await.text(), "Ada\n");
    assert_eq!(edge.get("http://site.localhost/users").await.text(), "1\n");
}

#[tokio::test]
async fn the_other_service_is_asked_with_a_token_and_twice_at_once() {
    let edge = edge().await;
    assert_eq!(edge.get("http://site.localhost/both").await.text(), "7 lamps\n12 chairs\n");
    assert_eq!(edge.get("http://site.localhost/boats").await.status, StatusCode::NOT_FOUND);
    assert_eq!(edge.get("http://site.localhost/noise").await.text().len(), 64 * 16 * 1024);
    assert_eq!(edge.get("http://stock.localhost/lamps").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn trouble_is_named() {
    let edge = edge().await;
    for (path, reason) in [("panic", "handler panicked"), ("parse", "handler failed")] {
        let answer = edge.get(&format!("http://trouble.localhost/{path}")).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers["error-reason"], reason);
    }
    assert_eq!(edge.get("http://trouble.localhost/card").await.text(), "0 bytes\n");
    assert_eq!(edge.get("http://trouble.localhost/1").await.text(), "Ada\n");
}

#[tokio::test]
async fn a_node_does_all_that_can_be_said_to_the_cache() {
    let edge = edge().await;
    for choice in ["ttl", "alone", "hurry", "hook", "none"] {
        let answer = edge.get(&format!("http://site.localhost/by/{choice}")).await;
        assert_eq!(answer.text(), "7 lamps\n", "{choice}");
    }
    let purge = edge.request(Method::POST, "http://site.localhost/purge").await;
    assert_eq!(purge.status, StatusCode::NO_CONTENT);
    assert_eq!(edge.get("http://trouble.localhost/swap").await.text(), "deleted: false\n");
}
