use selvedge::prelude::*;

#[kv_store("users")]
struct Users;

#[edge_handler(needs(Users))]
async fn in_an_option(_users: Option<Users>, _place: Place) -> StatusCode {
    StatusCode::OK
}

#[edge_handler(needs(Users))]
async fn in_an_option_at_last(_users: Option<Users>) -> StatusCode {
    StatusCode::OK
}

fn main() {}
