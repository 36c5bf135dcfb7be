use selvedge::prelude::*;

#[edge_handler(router)]
async fn asynchronous() -> Router {
    Router::new()
}

#[edge_handler(router, path = "/users")]
fn with_path() -> Router {
    Router::new()
}

#[edge_handler(router)]
fn with_arguments(_request: Request) -> Router {
    Router::new()
}

#[edge_handler(router)]
fn without_answer() {}

fn main() {}
