//! A manifest that is being written does not stop the code from compiling.

use selvedge::prelude::*;

#[kv_store("nobodys")]
struct Users;

#[edge_handler]
async fn storefront(_users: Users, #[backend("others")] _others: Backend) -> StatusCode {
    StatusCode::OK
}

fn main() {
    assert_eq!(storefront::service().needs().len(), 2);
}
