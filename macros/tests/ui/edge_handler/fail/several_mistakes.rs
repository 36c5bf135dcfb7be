use selvedge::prelude::*;

#[edge_handler(pth = "/users", needs(A, A), chain_auth(config = "my-config", secrets = "s"))]
unsafe fn storefront(Path(_id): Path<String>, State(_app): State<u8>) -> StatusCode {
    StatusCode::OK
}

fn main() {}
