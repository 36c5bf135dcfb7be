//! Panics of code: a 500 and a line for the operator, and the edge lives.

#![expect(clippy::panic, reason = "this is what it is about")]

use std::{io, time::Duration};

use futures_util::{StreamExt as _, stream};
use selvedge::{prelude::*, wait};
use selvedge_testkit::{Builder, Edge, ok};

use crate::shop::{Catalog, MANIFEST, Users};

/// Panics where its path says.
#[edge_handler(router, needs(Users, Catalog))]
fn careless() -> Router {
    Router::new()
        .route("/handler", get(async || -> String { panic!("a secret thought") }))
        .route("/before", get(before))
        .route("/after", get(after))
        .route("/body", get(async || body(["begun", "panics"])))
        .route("/broken", get(async || body(["begun", "fails"])))
        .fallback(async || "alive")
}

/// A body that comes to an end of which its head knows nothing.
fn body(pieces: [&'static str; 2]) -> Body {
    Body::from_stream(stream::iter(pieces).map(|piece| match piece {
        "panics" => panic!("a secret thought"),
        "fails" => Err(io::Error::other("a secret failure")),
        piece => Ok(piece),
    }))
}

async fn before(catalog: Catalog, request: Request) -> Result<Response> {
    catalog.send(request.before_send(|_| panic!("a secret thought"))).await
}

async fn after(catalog: Catalog, request: Request) -> Result<Response> {
    catalog.send(request.after_send(|_| panic!("a secret thought"))).await
}

#[edge_handler]
fn blocking(users: Users, place: Place) -> String {
    let name = wait(users.get("1")).unwrap().unwrap();
    assert!(place.hop > 1, "a secret thought of {name}");
    name
}

/// An argument that is not there, whose rejection tells of the code.
#[edge_handler]
async fn extended(state: axum::Extension<Duration>) -> String {
    format!("{state:?}")
}

fn edge(handler: selvedge::Service) -> Builder {
    let name = format!("handler = \"{}\"", handler.name());
    let manifest = MANIFEST.replace("handler = \"storefront\"", &name);
    Edge::from_toml(&manifest).env("SHOP_API_TOKEN", "t").entry("LHR").service(handler)
}

#[tokio::test]
async fn a_panic_is_a_500_a_line_and_no_end() {
    for (handler, path) in [
        (careless::service(), "handler"),
        (careless::service(), "before"),
        (careless::service(), "after"),
        (blocking::service(), "wherever"),
    ] {
        let edge = edge(handler).start().await;
        edge.origin("catalog", "origin").otherwise().reply(ok("x").max_age(60));
        for _ in 0..2 {
            let answer = edge.get(&format!("http://shop.localhost/{path}")).await;
            answer.assert_status(500);
            assert_eq!(answer.header("error-reason"), "handler panicked", "{path}");
            let id = answer.request_id().unwrap();
            assert_eq!(answer.text(), format!("the service failed\nrequest id: {id}\n"));
            edge.assert_told(&format!("{id} hop=1 LHR/storefront GET /{path} 500"));
        }
        edge.assert_told("fault=service handler panicked: a secret thought");
        edge.get("http://catalog.localhost/").await.assert_status(200);
    }
    let edge = edge(careless::service()).start().await;
    edge.get("http://shop.localhost/handler").await.assert_status(500);
    assert_eq!(edge.get("http://shop.localhost/").await.text(), "alive");
}

#[tokio::test]
async fn a_body_that_fails_on_its_way_is_told_and_breaks_off() {
    let edge = edge(careless::service()).start().await;
    for (path, why) in
        [("body", "the handler panicked: a secret thought"), ("broken", "a secret failure")]
    {
        let answer = edge.get(&format!("http://shop.localhost/{path}")).await;
        answer.assert_status(200);
        assert_eq!((answer.text().as_str(), answer.broken), ("begun", true), "{path}");
        let id = answer.request_id().unwrap();
        edge.assert_told(&format!("storefront :: {id} the body broke off: {why}"));
    }
    assert_eq!(edge.get("http://shop.localhost/").await.text(), "alive");
}

#[tokio::test]
async fn a_rejection_that_tells_of_the_code_is_the_operators() {
    let answer = edge(extended::service()).start().await.get("http://shop.localhost/").await;
    answer.assert_status(500);
    let (refusal, detail) = answer.refusal().unwrap();
    assert_eq!(refusal.reason(), "handler failed");
    assert!(detail.contains("core::time::Duration"), "{detail}");
    assert!(answer.text().starts_with("the service failed\nrequest id: "), "{}", answer.text());
}
