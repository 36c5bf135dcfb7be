//! Panics of code: a 500 and a line for the operator, and the edge lives.

#![expect(clippy::panic, reason = "this is what it is about")]

use std::{io, time::Duration};

use futures_util::{StreamExt as _, stream};
use selvedge::{prelude::*, wait};
use selvedge_testkit::{Builder, Edge, ok};

use crate::{
    failure,
    shop::{Catalog, MANIFEST, Users},
};

/// Panics where its path says.
#[edge_handler(router, needs(Users, Catalog))]
fn careless() -> Router {
    Router::new()
        .route("/handler", get(async || -> String { panic!("a secret thought") }))
        .route("/before", get(before))
        .route("/after", get(after))
        .route("/body", get(async || body(["begun", "panics"])))
        .route("/broken", get(async || body(["begun", "fails"])))
        .route("/work", get(work))
        .fallback(async || "alive")
}

/// What it leaves panics, but for the last of it.
async fn work(later: After, users: Users, log: Log) -> &'static str {
    later.spawn(async { panic!("a secret thought") });
    later.spawn(async move {
        let _ = users.put("2", &"Grace".to_owned()).await;
        log.line("the work was done");
    });
    "answered"
}

/// A body that comes to an end of which its head knows nothing.
fn body(pieces: [&'static str; 2]) -> Body {
    Body::from_stream(stream::iter(pieces).map(|piece| match piece {
        "panics" => panic!("a secret thought"),
        "fails" => Err(io::Error::other("a disk")),
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
    for (path, why) in [("body", "the handler panicked: a secret thought"), ("broken", "a disk")] {
        let answer = edge.get(&format!("http://shop.localhost/{path}")).await;
        answer.assert_status(200);
        assert_eq!((answer.text().as_str(), answer.broken), ("begun", true), "{path}");
        let id = answer.request_id().unwrap();
        let line = format!("{id} the body broke off: {why}");
        assert!(edge.logs().contains(&("storefront".to_owned(), line)), "{:?}", edge.logs());
    }
    assert_eq!(edge.get("http://shop.localhost/").await.text(), "alive");
}

#[tokio::test]
async fn work_after_the_response_that_panics_is_told_and_no_end() {
    let edge = edge(careless::service()).lenient().start().await;
    let answer = edge.get("http://shop.localhost/work").await;
    assert_eq!(answer.text(), "answered");
    edge.settle().await;
    let id = answer.request_id().unwrap();
    let line = format!("{id} after the response: handler panicked: a secret thought");
    assert_eq!(edge.logs()[0], ("storefront".to_owned(), line));
    edge.assert_told("storefront :: the work was done");
    assert_eq!(edge.kv("people").text("2").await.as_deref(), Some("Grace"));
}

#[tokio::test]
async fn work_after_the_response_that_panics_fails_the_test() {
    let text = failure(async {
        let edge = edge(careless::service()).start().await;
        edge.get("http://shop.localhost/work").await.assert_status(200);
        edge.settle().await;
    });
    let text = text.await;
    assert!(text.starts_with("service `storefront`: "), "{text}");
    assert!(text.contains(" after the response: handler panicked: a secret thought"), "{text}");
}

#[tokio::test]
async fn a_plain_handler_is_called_where_it_may_wait() {
    let edge = edge(blocking::service()).start().await;
    let (users, place) = (edge.bind("storefront"), edge.extract::<Place>("storefront").await);
    let thought = failure(async {
        edge.run_plain(move || blocking(users, place)).await;
    });
    assert_eq!(thought.await, "a secret thought of Ada");
    let users: Users = edge.bind("storefront");
    let name = edge.run_plain(move || wait(users.get("1"))).await;
    assert_eq!(name.unwrap().as_deref(), Some("Ada"));
    let users: Users = edge.bind("storefront");
    let misplaced = wait(users.get("1")).unwrap_err().chain();
    let hint = "call a plain handler by the testkit's `Edge::run_plain`";
    assert!(misplaced.contains(hint), "{misplaced}");
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
