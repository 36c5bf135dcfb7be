//! What fails a test by itself.

use selvedge::prelude::*;
use selvedge_testkit::{Builder, Edge, Fault, fails, ok};

use crate::{
    failure,
    shop::{MANIFEST, Users, shop},
};

#[edge_handler(router, needs())]
fn forgetful() -> Router {
    Router::new().fallback(async |users: Users| users.get("1").await.map(Option::unwrap_or_default))
}

/// It makes something else of the error.
#[edge_handler(router, needs())]
fn hiding() -> Router {
    Router::new().fallback(async |users: Result<Users, Error>| match users {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::IM_A_TEAPOT,
    })
}

fn edge(handler: selvedge::Service) -> Builder {
    let manifest =
        MANIFEST.replace("handler = \"storefront\"", &format!("handler = \"{}\"", handler.name()));
    Edge::from_toml(&manifest).env("SHOP_API_TOKEN", "t").entry("LHR").service(handler)
}

#[tokio::test]
async fn a_binding_that_is_not_declared_fails_the_test_by_name() {
    let text = failure(async {
        edge(forgetful::service()).start().await.get("http://shop.localhost/").await;
    });
    let text = text.await;
    let start = "service `storefront`: binding not declared: `users` is used but not declared; add its \
                 binding to `needs(...)`\n  asked at ";
    assert!(text.starts_with(start) && text.contains("strict.rs:"), "{text}");
}

#[tokio::test]
async fn it_does_so_whatever_the_handler_makes_of_it() {
    let text = failure(async {
        edge(hiding::service()).start().await.get("http://shop.localhost/").await;
    });
    assert!(text.await.contains("`users` is used but not declared"));
}

#[tokio::test]
async fn a_lenient_test_looks_itself() {
    let edge = edge(forgetful::service()).lenient().start().await;
    let answer = edge.get("http://shop.localhost/").await;
    answer.assert_status(500);
    assert_eq!(answer.header("error-reason"), "binding not declared");
}

#[tokio::test]
async fn what_no_answer_shows_is_found_at_the_end() {
    let text = failure(async {
        let edge = shop().start().await;
        let request = http::Request::get("http://catalog.localhost/x").body(Body::empty());
        drop(edge.open(request.unwrap()).await);
    });
    assert!(text.await.starts_with("`GET /x` reached the origin"));
}

#[tokio::test]
async fn a_scripted_failure_is_none_of_the_tests() {
    let edge = shop().start().await;
    let origin = edge.origin("catalog", "origin");
    origin.on("/").reply(fails(Fault::Refuse)).then(ok("x"));
    edge.get("http://catalog.localhost/").await.assert_status(502);
}
