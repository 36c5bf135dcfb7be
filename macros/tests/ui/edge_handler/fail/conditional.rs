use selvedge::prelude::*;

#[edge_handler]
async fn conditional(#[cfg(unix)] _method: Method) -> StatusCode {
    StatusCode::OK
}

fn main() {}
