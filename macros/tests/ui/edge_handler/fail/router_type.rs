use selvedge::prelude::*;

#[edge_handler(router)]
fn storefront() -> StatusCode {
    StatusCode::OK
}

#[edge_handler(router)]
fn perhaps() -> Option<Router> {
    None
}

type Site = Router<u8>;

#[edge_handler(router)]
fn state_behind_a_name() -> Site {
    Router::new()
}

fn main() {}
