//! The same handlers on a node and on Fastly Compute: what a service asks of the platform has one face.
//!
//! `site` stands in front of `stock`, which lets nobody else in. Natively both run in one process; on Fastly Compute each is
//! a program and a service of its own. `trouble` shows what goes wrong.

mod choices;
pub mod stock;
pub mod trouble;

use selvedge::prelude::*;

/// Texts that may change while the service runs.
#[config_store("config")]
pub struct Texts {
    greeting: String,
}

/// Names by id.
#[kv_store("users", value = Text)]
pub struct Users;

/// The service behind this one; every request to it carries a fresh chain token.
#[backend("stock", chain_auth(config = "config", secrets = "secrets"))]
pub struct Stock;

/// The public face.
#[edge_handler(router, needs(Texts, Users, Stock))]
pub fn site() -> Router {
    Router::new()
        .route("/", get(hello))
        .route("/users", get(list))
        .route("/users/{id}", get(show).put(store).delete(forget))
        .route("/both", get(both))
        .route("/by/{choice}", get(choices::by_choice))
        .route("/purge", post(choices::purge))
        .fallback(browse)
}

async fn hello(texts: Texts, place: Place) -> String {
    format!("{} from {}, hop {}\n", texts.greeting, place.service, place.hop)
}

async fn list(users: Users) -> Result<String> {
    Ok(users.list().limit(10).await?.keys.join("\n") + "\n")
}

async fn show(users: Users, Path(id): Path<String>) -> Result<Response> {
    Ok(match users.get(&id).await? {
        Some(name) => format!("{name}\n").into_response(),
        None => (StatusCode::NOT_FOUND, "nobody\n").into_response(),
    })
}

/// Stores a name that nobody has yet.
async fn store(
    users: Users,
    after: After,
    Path(id): Path<String>,
    name: String,
) -> Result<StatusCode> {
    users.put(&id, &name).add().await?;
    after.spawn(async move {
        // Who reads it is told by the list, not by this request, which is over by now.
        let _ = users.put("latest", &id).await;
    });
    Ok(StatusCode::CREATED)
}

async fn forget(users: Users, Path(id): Path<String>) -> Result<StatusCode> {
    Ok(if users.delete(&id).await? { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

/// Two requests at the same time.
async fn both(stock: Stock) -> Result<String> {
    let (first, second) =
        futures_util::future::join(stock.get("/lamps"), stock.get("/chairs")).await;
    let (first, second) = (first?.into_body(), second?.into_body());
    let texts = [first.bytes(1000).await?, second.bytes(1000).await?];
    Ok(String::from_utf8_lossy(&texts.concat()).into_owned())
}

/// Everything else is the other service's.
async fn browse(stock: Stock, request: Request) -> Result<Response> {
    stock.send(request.cache(Cache::Pass)).await
}
