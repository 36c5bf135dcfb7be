use selvedge::prelude::*;

#[edge_handler]
fn storefront() -> StatusCode {
    StatusCode::OK
}

fn main() {
    // The stand-in of a refused handler is there, so nothing else is reported.
    storefront::service();
    storefront();
}
