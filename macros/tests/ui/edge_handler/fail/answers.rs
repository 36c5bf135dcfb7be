use std::future::Future;

use selvedge::prelude::*;

#[edge_handler]
fn future() -> impl Future<Output = StatusCode> {
    async { StatusCode::OK }
}

#[edge_handler]
async fn displayed() -> impl std::fmt::Display {
    "x"
}

#[edge_handler]
async fn nothing() {}

#[edge_handler]
async fn forgotten() -> Result<Response> {
    StatusCode::OK
}

#[edge_handler(router)]
fn routed() -> impl Into<Router> {
    Router::new()
}

#[edge_handler(router)]
async fn routed_later(_request: Request) -> Router {
    Router::new()
}

#[edge_handler]
fn waits(#[kv_store("users")] users: KvStore<Text>) -> Result<String> {
    Ok(users.get("1").await?.unwrap_or_default())
}

fn main() {}
