use selvedge::prelude::*;

#[edge_handler]
async fn names(
    #[kv_store] _no_name: KvStore,
    #[kv_store()] _empty: KvStore,
    #[kv_store("us ers")] _bad_name: KvStore,
    #[kv_store(users)] _no_text: KvStore,
    #[backend("cat\nalog")] _bad_backend: Backend,
) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn arguments(
    #[kv_store("users", value = Text)] _said_by_the_type: KvStore,
    #[backend("catalog", chain_auth(config = "config"))] _lacks_secrets: Backend,
) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn twice(
    #[kv_store("users")] _one: KvStore,
    #[kv_store("users")] _same: KvStore<Text>,
    #[kv_store("others")] #[config_store("config")] _two_macros: KvStore,
) -> StatusCode {
    StatusCode::OK
}

fn main() {}
