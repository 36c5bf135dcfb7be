//! Handlers that are plain functions, and state.

use std::{sync::Arc, thread};

use selvedge::{Service, prelude::*, wait};

use crate::edge::{Edge, call, get, text};

#[kv_store("users", value = Text)]
struct Users;

#[edge_handler(path = "/users/{id}")]
fn remember(users: Users, Path(id): Path<String>, name: String) -> Result<String> {
    wait(users.put(&id, &name))?;
    Ok(wait(users.get(&id))?.unwrap_or_default())
}

#[edge_handler]
fn elsewhere(#[kv_store("users")] users: KvStore<Text>) -> String {
    format!("{:?} {}", thread::current().id(), users.link())
}

#[edge_handler]
async fn misplaced(users: Users) -> Result<String> {
    Ok(wait(users.get("1"))?.unwrap_or_default())
}

#[edge_handler]
fn undeclared(place: Place, request: Request) -> String {
    format!("{} {}", place.pop, request.uri())
}

#[derive(Clone)]
struct App {
    motto: &'static str,
}

#[edge_handler]
async fn stateful(State(app): State<App>) -> &'static str {
    app.motto
}

#[edge_handler(router)]
fn routed() -> Router<App> {
    Router::new().fallback(async |State(app): State<App>| app.motto)
}

async fn ask(service: &Service, request: Request) -> (StatusCode, String) {
    let response = call(&Arc::new(Edge::new()), service, request).await;
    (response.status(), text(response).await)
}

#[tokio::test]
async fn a_plain_function_waits_for_the_platform() {
    let request = http::Request::put("/users/7").body("Ada".into()).unwrap();
    let (status, text) = ask(&remember::service(), request).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "Ada"));
}

#[tokio::test]
async fn it_runs_on_a_thread_of_its_own() {
    let (status, text) = ask(&elsewhere::service(), get("/")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.ends_with(" users"), "{text}");
    assert!(!text.starts_with(&format!("{:?}", thread::current().id())), "{text}");
}

#[tokio::test]
async fn its_extractors_are_those_of_every_handler() {
    let (_, text) = ask(&undeclared::service(), get("/a?b")).await;
    assert_eq!(text, "LHR /a?b");
}

#[tokio::test]
async fn waiting_anywhere_else_is_a_named_error() {
    let response = call(&Arc::new(Edge::new()), &misplaced::service(), get("/")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()["error-reason"], "misplaced wait");
    let error = wait(async { Ok(()) }).unwrap_err();
    assert_eq!(error.refusal(), Refusal::WaitMisplaced);
}

#[tokio::test]
async fn without_an_edge_it_is_not_run() {
    let response = undeclared::service().call(get("/")).await;
    assert_eq!(response.headers()["error-reason"], Refusal::NoEdge.reason());
}

#[tokio::test]
async fn state_comes_with_the_service() {
    for service in [stateful::service(), routed::service()] {
        let service = service.with_state(App { motto: "woven" });
        assert_eq!(ask(&service, get("/")).await, (StatusCode::OK, "woven".to_owned()));
    }
}
