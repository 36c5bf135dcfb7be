//! Answers of the code that say how it broke, in plain text or without a type: in every form of handler and with every
//! status of a server's fault they are the operator's.

use std::{collections::HashMap, io, time::Duration};

use axum::{Extension, extract::MatchedPath};
use futures_util::stream::{self, StreamExt as _};
use selvedge::prelude::*;
use selvedge_testkit::{Builder, Edge, status};

use crate::shop::{Catalog, MANIFEST};

/// Breaks where its path says, and answers on purpose elsewhere.
#[edge_handler(router, needs(Catalog))]
fn app() -> Router {
    let broken = StatusCode::INTERNAL_SERVER_ERROR;
    Router::new()
        .route("/extension", get(async |state: Extension<Duration>| format!("{state:?}")))
        .route("/parameters/{one}/{two}", get(async |Path(one): Path<String>| one))
        .route("/json", get(async || Json(HashMap::from([(vec!["a secret key"], 1)]))))
        .route("/text", get(async move || (broken, "a secret cause")))
        .route("/long", get(async move || (broken, "a secret cause ".repeat(1000))))
        .route("/html", get(async move || (broken, axum::response::Html("<p>on purpose"))))
        .route("/empty", get(async move || broken))
        .route("/gateway", get(async || (StatusCode::BAD_GATEWAY, "a secret cause")))
        .route("/lacking", get(async || (StatusCode::NOT_IMPLEMENTED, "a secret cause")))
        .route("/slow", get(async || (StatusCode::GATEWAY_TIMEOUT, "a secret cause")))
        .route("/odd", get(async || (StatusCode::from_u16(599).unwrap(), "a secret cause")))
        .route("/busy", get(async || (StatusCode::SERVICE_UNAVAILABLE, RETRY, "a secret cause")))
        .route("/upper", get(async move || (broken, UPPER, "a secret cause")))
        .route("/untyped", get(async || untyped("a secret cause".into())))
        .route("/streamed", get(async move || (broken, TYPED, streamed(["a secret ", "cause"]))))
        .route("/endless", get(async || untyped(endless())))
        .route("/stalled", get(async || untyped(stalled())))
        .route("/failing", get(async || untyped(streamed(["a secret cause", "fails"]))))
        .route("/json-503", get(async || (StatusCode::SERVICE_UNAVAILABLE, Json("on purpose"))))
        .route("/short", get(async || (StatusCode::IM_A_TEAPOT, "on purpose")))
        .route("/catalog", get(async |catalog: Catalog, request| catalog.send(request).await))
        .fallback(async |path: MatchedPath| path.as_str().to_owned())
}

const RETRY: [(&str, &str); 1] = [("retry-after", "7")];
const TYPED: [(&str, &str); 1] = [("content-type", "text/plain; charset=utf-8")];
const UPPER: [(&str, &str); 1] = [("content-type", "Text/PLAIN ;charset=utf-8")];

fn untyped(body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

fn streamed(pieces: [&'static str; 2]) -> Body {
    Body::from_stream(stream::iter(pieces).map(|piece| match piece {
        "fails" => Err(io::Error::other("a disk")),
        piece => Ok(piece),
    }))
}

fn endless() -> Body {
    Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>("a secret cause ")))
}

/// A beginning, and nothing more, ever.
fn stalled() -> Body {
    Body::from_stream(stream::iter([Ok::<_, io::Error>("a secret cause")]).chain(stream::pending()))
}

/// The same of a function.
#[edge_handler]
async fn answering() -> (StatusCode, &'static str) {
    (StatusCode::INTERNAL_SERVER_ERROR, "a secret cause")
}

fn edge(handler: selvedge::Service) -> Builder {
    let name = format!("handler = \"{}\"", handler.name());
    let manifest = MANIFEST.replace("handler = \"storefront\"", &name);
    Edge::from_toml(&manifest).env("SHOP_API_TOKEN", "t").entry("LHR").service(handler)
}

#[tokio::test]
async fn a_5xx_in_plain_text_or_without_a_type_is_the_operators() {
    let table = [
        (app::service(), 500, "extension", "Missing request extension: Extension of type"),
        (app::service(), 500, "parameters/1/2", "Wrong number of path arguments for `Path`"),
        (app::service(), 500, "json", "key must be a string"),
        (app::service(), 500, "nowhere", "No matched path found"),
        (app::service(), 500, "text", "answered 500: a secret cause"),
        (app::service(), 500, "long", "a secret cause a [.. a text of 15000 bytes]"),
        (app::service(), 500, "empty", "answered 500: nothing in its body"),
        (app::service(), 502, "gateway", "answered 502: a secret cause"),
        (app::service(), 501, "lacking", "answered 501: a secret cause"),
        (app::service(), 504, "slow", "answered 504: a secret cause"),
        (app::service(), 599, "odd", "answered 599: a secret cause"),
        (app::service(), 503, "busy", "answered 503: a secret cause"),
        (app::service(), 500, "upper", "answered 500: a secret cause"),
        (app::service(), 502, "untyped", "answered 502: a secret cause"),
        (app::service(), 500, "streamed", "answered 500: a secret cause"),
        (app::service(), 502, "endless", "a secret cause a secret cause"),
        (app::service(), 502, "stalled", "answered 502: a secret cause [.. a streamed text]"),
        (app::service(), 502, "failing", "a secret cause[it broke off: a disk]"),
        (answering::service(), 500, "", "answered 500: a secret cause"),
    ];
    for (handler, status, path, inside) in table {
        let edge = edge(handler).start().await;
        let answer = edge.get(&format!("http://shop.localhost/{path}")).await;
        answer.assert_status(status);
        let id = answer.request_id().unwrap();
        assert_eq!(answer.text(), format!("the service failed\nrequest id: {id}\n"), "{path}");
        let (refusal, detail) = answer.refusal().unwrap();
        assert_eq!(refusal, Refusal::HandlerFailed);
        assert!(detail.contains(inside), "{path}: {detail}");
        assert!(detail.len() < 5000, "{path}: {} bytes", detail.len());
        edge.assert_told(&format!("{id} hop=1 LHR/storefront GET /{path} {status}"));
    }
}

#[tokio::test]
async fn when_to_come_again_stays() {
    let edge = edge(app::service()).start().await;
    let answer = edge.get("http://shop.localhost/busy").await;
    assert_eq!(answer.header("retry-after"), "7");
}

#[tokio::test]
async fn in_dev_its_text_is_on_the_page() {
    let edge = edge(app::service()).dev().start().await;
    let text = edge.get("http://shop.localhost/extension").await.text();
    assert!(text.contains("Extension of type `core::time::Duration` was not found"), "{text}");
}

#[tokio::test]
async fn what_is_meant_for_the_client_goes_out_as_it_is() {
    let edge = edge(app::service()).start().await;
    let fails = || status(502).body("the catalog is broken");
    let typed = fails().header("content-type", "text/plain");
    edge.origin("catalog", "origin").on("/catalog").reply(typed);
    edge.origin("catalog", "origin").on("/catalog?untyped").reply(fails());
    for (path, status, text) in [
        ("html", 500, "<p>on purpose"),
        ("json-503", 503, "\"on purpose\""),
        ("short", 418, "on purpose"),
        ("catalog", 502, "the catalog is broken"),
        ("catalog?untyped", 502, "the catalog is broken"),
    ] {
        let answer = edge.get(&format!("http://shop.localhost/{path}")).await;
        answer.assert_status(status);
        assert_eq!(answer.text(), text, "{path}");
        assert_eq!(answer.refusal(), None, "{path}");
    }
}
