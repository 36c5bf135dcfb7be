use selvedge::prelude::*;

#[edge_handler(pat = "/users")]
async fn near() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(method = "GET")]
async fn far() -> StatusCode {
    StatusCode::OK
}

fn main() {}
