use selvedge::prelude::*;

#[edge_handler(path = "/a", path = "/b")]
async fn storefront() -> StatusCode {
    StatusCode::OK
}

fn main() {}
