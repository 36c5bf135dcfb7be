// Only what would be looked up is warned of, and each name once.
#![deny(deprecated)]

use selvedge::prelude::*;

#[kv_store("users")]
struct Users;

#[config_store("config")]
struct Flags {
    greeting: String,
}

#[backend("catalog", chain_auth(config = "config", secrets = "secrets"))]
struct Catalog;

#[edge_handler]
async fn storefront(_users: Users, #[kv_store("others")] _others: KvStore) -> StatusCode {
    StatusCode::OK
}

fn main() {}
