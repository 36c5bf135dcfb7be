//! Functions as services: arguments in, responses out, needs declared.

use std::sync::Arc;

use selvedge::{
    Binding, Service,
    model::need::{ChainStores, Need},
    prelude::*,
};

use crate::edge::{Edge, call, get, text};

#[kv_store("users", value = Text)]
struct Users;

#[config_store("config")]
struct Flags {
    greeting: String,
}

#[backend("catalog")]
struct Catalog;

#[edge_handler]
async fn everything(users: Users, place: Place, request: Request) -> Result<Response> {
    users.put("seen", &request.uri().to_string()).await?;
    Ok(format!("{} {} {}", request.method(), request.uri(), place.pop).into_response())
}

#[edge_handler]
async fn holding(body: Bytes) -> String {
    body.len().to_string()
}

#[edge_handler]
async fn reading(request: Request) -> Result<String> {
    Ok(request.into_body().bytes(AXUMS_LIMIT + 1).await?.len().to_string())
}

/// What docs/handlers.md says of bodies that an extractor takes whole, in bytes.
const AXUMS_LIMIT: usize = 2_097_152;

#[edge_handler(path = "/users/{id}", needs(Catalog, Users))]
async fn one_route(Path(id): Path<String>, users: Users, flags: Flags, body: String) -> String {
    users.put(&id, &body).await.map_or_else(|_| "no".to_owned(), |_| flags.greeting)
}

#[edge_handler]
async fn nothing_in() -> impl IntoResponse {
    StatusCode::NO_CONTENT
}

#[edge_handler(router, needs(Users))]
fn routed() -> Router {
    Router::new()
        .route("/users", get_route(async |users: Users| users.link()))
        .route("/catalog", get_route(async |_: Catalog| "reached"))
}

use selvedge::prelude::get as get_route;

#[edge_handler(chain_auth(config = "config", secrets = "secrets"))]
async fn r#type() -> &'static str {
    "guarded"
}

fn edge() -> Arc<Edge> {
    Arc::new(Edge { config: [("greeting", "hello")].into(), ..Edge::new() })
}

async fn ask(service: &Service, request: Request) -> (StatusCode, String) {
    let response = call(&edge(), service, request).await;
    (response.status(), text(response).await)
}

#[tokio::test]
async fn a_bare_handler_serves_every_path_and_method() {
    let service = everything::service();
    assert_eq!((service.name(), &**service.needs()), ("everything", &[Users::NEED][..]));
    for (method, path) in [(Method::GET, "/"), (Method::PUT, "/a/b?c"), (Method::HEAD, "/x")] {
        let mut request = get(path);
        *request.method_mut() = method.clone();
        let (status, _) = ask(&service, request).await;
        assert_eq!(status, StatusCode::OK, "{method} {path}");
    }
    assert_eq!(ask(&service, get("/a?b")).await.1, "GET /a?b LHR");
}

#[tokio::test]
async fn a_path_is_one_route() {
    let service = one_route::service();
    let request = http::Request::put("/users/7").body("Ada".into()).unwrap();
    assert_eq!(ask(&service, request).await, (StatusCode::OK, "hello".to_owned()));
    assert_eq!(ask(&service, get("/users")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&service, get("/users/7/x")).await.0, StatusCode::NOT_FOUND);
}

#[test]
fn needs_are_listed_once_each() {
    let needs: [Need; 3] = [Users::NEED, Flags::NEED, Catalog::NEED];
    assert_eq!(**one_route::service().needs(), needs);
}

#[tokio::test]
async fn a_handler_may_take_nothing() {
    assert_eq!(ask(&nothing_in::service(), get("/")).await.0, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_router_uses_what_it_declared_and_nothing_else() {
    let service = routed::service();
    assert_eq!(ask(&service, get("/users")).await, (StatusCode::OK, "users".to_owned()));
    let response = call(&edge(), &service, get("/catalog")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()["error-reason"], "binding not declared");
}

#[tokio::test]
async fn the_function_stays_callable() {
    assert_eq!(r#type().await, "guarded");
    assert_eq!(nothing_in().await.into_response().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_an_extractor_takes_whole_has_axums_limit_and_a_body_that_is_read_has_not() {
    let post = |bytes| http::Request::post("/").body(Body::from(vec![0; bytes])).unwrap();
    let status = |service: Service, bytes| async move {
        let response = call(&Arc::new(Edge::new()), &service, post(bytes)).await;
        (response.status().as_u16(), response.headers().contains_key("error-reason"))
    };
    assert_eq!(status(holding::service(), AXUMS_LIMIT).await, (200, false));
    assert_eq!(status(holding::service(), AXUMS_LIMIT + 1).await, (413, false));
    assert_eq!(status(reading::service(), AXUMS_LIMIT + 1).await, (200, false));
    assert_eq!(status(reading::service(), AXUMS_LIMIT + 2).await, (413, true));
}

#[test]
fn a_required_token_is_declared() {
    let service = r#type::service();
    let stores = ChainStores { config: "config", secrets: "secrets" };
    assert_eq!((service.name(), service.chain_auth()), ("type", Some(stores)));
}

#[tokio::test]
async fn a_binding_that_fails_answers_with_its_name() {
    let edge = Arc::new(Edge::new());
    let request = http::Request::put("/users/7").body("Ada".into()).unwrap();
    let response = call(&edge, &one_route::service(), request).await;
    assert_eq!(response.headers()["error-reason"], "item missing");
    assert!(!text(response).await.contains("greeting"));
}

#[tokio::test]
async fn without_an_edge_a_binding_is_a_named_error() {
    let response = everything::service().call(get("/")).await;
    assert_eq!(response.headers()["error-reason"], "no edge");
}
