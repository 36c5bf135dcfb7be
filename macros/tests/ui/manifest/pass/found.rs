//! Every name is in the `edge.toml` beside this file.

use selvedge::prelude::*;

#[kv_store("users")]
struct Users;

#[kv_store("pages")]
struct Pages;

#[backend("catalog")]
struct Catalog;

#[edge_handler(chain_auth(config = "config", secrets = "secrets"))]
async fn storefront(
    #[kv_store("users")] _users: KvStore,
    #[secret_store("secrets")] _secrets: SecretStore,
    _catalog: Catalog,
) -> StatusCode {
    StatusCode::OK
}

#[edge_handler]
async fn catalog(#[backend("origin")] _origin: Backend, _pages: Pages) -> StatusCode {
    StatusCode::OK
}

/// A handler that the manifest does not name: whatever some service has will do.
#[edge_handler]
async fn unlisted(#[kv_store("pages")] _pages: KvStore, _users: Users) -> StatusCode {
    StatusCode::OK
}

fn main() {}
