use selvedge::prelude::*;

#[edge_handler]
async fn without(Path(_id): Path<String>) -> StatusCode {
    StatusCode::OK
}

#[edge_handler(path = "/users")]
async fn no_parameter(Path(_id): Path<String>) -> StatusCode {
    StatusCode::OK
}

fn main() {}
