use selvedge::prelude::*;

struct App;

#[edge_handler]
async fn storefront(State(_app): State<App>) -> StatusCode {
    StatusCode::OK
}

fn main() {}
