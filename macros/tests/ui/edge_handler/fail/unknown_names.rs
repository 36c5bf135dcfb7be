use selvedge::prelude::*;

#[edge_handler]
async fn unknown_type(users: Userz, _request: Request) -> StatusCode {
    let _ = users;
    StatusCode::OK
}

#[edge_handler]
async fn unknown_answer() -> Responze {
    StatusCode::OK
}

#[edge_handler(needs(Nowhere))]
async fn unknown_need() -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn handle(#[kv_store("users")] _users: KvStor<Text>) -> StatusCode {
    StatusCode::OK
}

#[kv_store("users", value = Jsonn<u8>)]
struct Users;

#[config_store("config")]
struct Flags {
    size: Sizee,
}

fn main() {}
