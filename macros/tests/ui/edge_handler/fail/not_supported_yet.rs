use selvedge::prelude::*;
use selvedge::store::kv::KvStore;

#[edge_handler]
async fn state(State(_app): State<u8>) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn parameter(#[kv_store("users")] _users: KvStore) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn conditional(#[cfg(unix)] _method: Method) -> StatusCode {
    StatusCode::OK
}

fn main() {}
