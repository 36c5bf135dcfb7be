//! Two services in two POPs: code in front of rules in front of an origin.

use selvedge::prelude::*;
use selvedge_testkit::{Builder, Edge};

pub(crate) const MANIFEST: &str = r#"
manifest_version = 1
name = "shop"
[pops.LHR]
[pops.IAD]
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
backends.catalog = { service = "catalog" }
[services.storefront.links]
users = { kv_store = "people" }
config = { config_store = "texts" }
secrets = { secret_store = "tokens" }

[services.catalog]
type = "delivery"
domains = ["catalog.localhost"]
backends.origin = { url = "http://origin.example", first_byte_timeout_ms = 5000 }
"#;

pub(crate) const ADA: &str = "http://shop.localhost/users/1";

#[kv_store("users", value = Text)]
pub(crate) struct Users;

#[config_store("config")]
pub(crate) struct Texts {
    greeting: String,
}

#[secret_store("secrets")]
pub(crate) struct Tokens {
    api_token: Secret,
}

#[backend("catalog")]
pub(crate) struct Catalog;

/// Greets whom it knows, above what the catalog has of them.
#[edge_handler(path = "/users/{id}")]
pub(crate) async fn storefront(
    users: Users,
    texts: Texts,
    tokens: Tokens,
    catalog: Catalog,
    log: Log,
    Path(id): Path<String>,
    mut request: Request,
) -> Result<Response> {
    let Some(name) = users.get(&id).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    log.line(format!("{name} was here"));
    let token = HeaderValue::from_bytes(tokens.api_token.plaintext())?;
    request.headers_mut().insert("x-token", token);
    let page = catalog.send(request.cache(Cache::Pass)).await?;
    let page = page.into_body().bytes(1024).await?;
    Ok(format!("{} {name}\n{}", texts.greeting, String::from_utf8_lossy(&page)).into_response())
}

pub(crate) fn shop() -> Builder {
    Edge::from_toml(MANIFEST).env("SHOP_API_TOKEN", "t").entry("LHR").service(storefront::service())
}
