//! Answers of the code that say in plain text how it broke: in every form of handler they are the operator's.

use std::{collections::HashMap, time::Duration};

use axum::{Extension, extract::MatchedPath};
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
        .route("/busy", get(async || (StatusCode::SERVICE_UNAVAILABLE, "come back later")))
        .route("/catalog", get(async |catalog: Catalog, request| catalog.send(request).await))
        .fallback(async |path: MatchedPath| path.as_str().to_owned())
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
async fn a_500_in_plain_text_is_the_operators() {
    let table = [
        (app::service(), "extension", "Missing request extension: Extension of type"),
        (app::service(), "parameters/1/2", "Wrong number of path arguments for `Path`"),
        (app::service(), "json", "key must be a string"),
        (app::service(), "nowhere", "No matched path found"),
        (app::service(), "text", "a secret cause"),
        (app::service(), "long", "a text of 15000 bytes"),
        (answering::service(), "", "a secret cause"),
    ];
    for (handler, path, inside) in table {
        let edge = edge(handler).start().await;
        let answer = edge.get(&format!("http://shop.localhost/{path}")).await;
        answer.assert_status(500);
        let id = answer.request_id().unwrap();
        assert_eq!(answer.text(), format!("the service failed\nrequest id: {id}\n"), "{path}");
        let (refusal, detail) = answer.refusal().unwrap();
        assert_eq!(refusal, Refusal::HandlerFailed);
        assert!(detail.contains(inside), "{path}: {detail}");
    }
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
    let fails = status(500).header("content-type", "text/plain").body("the catalog is broken");
    edge.origin("catalog", "origin").on("/catalog").reply(fails);
    for (path, status, text) in [
        ("html", 500, "<p>on purpose"),
        ("empty", 500, ""),
        ("busy", 503, "come back later"),
        ("catalog", 500, "the catalog is broken"),
    ] {
        let answer = edge.get(&format!("http://shop.localhost/{path}")).await;
        answer.assert_status(status);
        assert_eq!(answer.text(), text, "{path}");
        assert_eq!(answer.refusal(), None, "{path}");
    }
}
