use selvedge::prelude::*;

#[edge_handler(chain_auth(config = "users", secrets = "secret"))]
async fn storefront(
    #[kv_store("pages")] _of_another_service: KvStore,
    #[kv_store("user")] _near_miss: KvStore,
    #[config_store("secrets")] _wrong_kind: ConfigStore,
    #[backend("origin")] _backend_of_another: Backend,
) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn unlisted(#[kv_store("session")] _in_no_service: KvStore) -> StatusCode {
    StatusCode::OK
}

fn main() {}
