use selvedge::prelude::*;

#[kv_store("users", value = Text)]
struct Users;

#[edge_handler]
async fn strange(
    #[kv("users")] _a: KvStore,
    #[kv_store = "users"] _b: KvStore,
    #[kv_store] _c: KvStore,
    #[kv_store()] _d: KvStore,
    #[kv_store(users)] _e: KvStore,
    #[kv_store("users", value = Text)] _f: KvStore<Text>,
    #[kv_store("users")]
    #[config_store("config")]
    _g: KvStore,
    #[kv_store("users")] _h: &KvStore,
    #[kv_store("users")] _i: Option<KvStore>,
    #[kv_store("users")] _j: Users,
    #[backend("b", chain_auth)] _k: Backend,
) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn tuples((_users, _body): (Users, Bytes), _request: Request) -> StatusCode {
    StatusCode::OK
}

fn main() {}
