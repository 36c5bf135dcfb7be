use selvedge::prelude::*;

#[edge_handler(path)]
async fn no_path() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path = 5)]
async fn number() -> StatusCode {
    StatusCode::OK
}

#[edge_handler("/users")]
async fn bare_text() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(router = true)]
fn valued() -> Router {
    Router::new()
}

#[edge_handler(router needs(Users))]
fn no_comma() -> Router {
    Router::new()
}

#[edge_handler(router, needs = Users)]
fn no_list() -> Router {
    Router::new()
}

#[edge_handler(= "x")]
async fn no_word() -> StatusCode {
    StatusCode::OK
}

fn main() {}
