use selvedge::prelude::*;

#[edge_handler(router)]
fn storefront() -> StatusCode {
    StatusCode::OK
}

fn main() {}
