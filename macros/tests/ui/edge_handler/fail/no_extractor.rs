use selvedge::prelude::*;

struct Stranger;

#[edge_handler]
async fn first(_stranger: Stranger, _request: Request) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn last(_method: Method, _stranger: Stranger) -> StatusCode {
    StatusCode::OK
}

fn main() {}
