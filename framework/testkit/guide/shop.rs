// The shop of the guide's examples: a handler in front of a delivery service in front of an origin.

use std::time::Duration;

use selvedge::prelude::*;
use selvedge_testkit::*;

const MANIFEST: &str = r#"
manifest_version = 1
name = "shop"
[pops.IAD]
[pops.LHR]
[kv_stores.people]
items = [{ key = "1", data = "Ada" }]
[config_stores.texts]
contents = { greeting = "hello" }
[secret_stores.tokens]
items = [{ key = "api_token", env = "SHOP_API_TOKEN" }]
[services.storefront]
type = "compute"
handler = "storefront"
domains = ["shop.localhost"]
links = { users = { kv_store = "people" }, config = { config_store = "texts" } }
backends.catalog = { service = "catalog" }
[services.catalog]
type = "delivery"
domains = ["catalog.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

#[kv_store("users", value = Text)]
struct Users;

#[backend("catalog")]
struct Catalog;

#[edge_handler(path = "/users/{id}")]
async fn storefront(
    users: Users,
    catalog: Catalog,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response> {
    match users.get(&id).await? {
        Some(_) => catalog.send(request.cache(Cache::Pass)).await,
        None => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

async fn edge() -> Edge {
    let edge = Edge::from_toml(MANIFEST).env("SHOP_API_TOKEN", "t").entry("LHR");
    edge.service(storefront::service()).start().await
}

fn run(test: impl Future<Output = ()>) {
    let mut reactor = tokio::runtime::Builder::new_current_thread();
    reactor.enable_all().build().unwrap().block_on(test);
}
