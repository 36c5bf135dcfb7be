//! A shop in two services: `storefront` (this code) in front of `catalog` (rules in `edge.toml`).
//!
//! The storefront passes everything and the catalog caches, so that an object is cached once and
//! purged in one place. Profiles lie in a KV store and are written with a generation check.

use std::time::Duration;

use selvedge::{cache::simple::PurgeScope, prelude::*};
use serde::{Deserialize, Serialize};

/// The largest front page that is taken from the catalog.
const PAGE_MAX: usize = 1024 * 1024;

/// How long a card is kept.
const CARD_TTL: Duration = Duration::from_secs(300);

/// A profile.
#[derive(Debug, Deserialize, Serialize)]
pub struct User {
    name: String,
}

/// Profiles by id.
#[kv_store("users", value = Json<User>)]
pub struct Users;

/// Texts of the shop.
#[config_store("config")]
pub struct Texts {
    greeting: String,
}

/// The service behind this one; every attempt carries a fresh chain token.
#[backend("catalog", chain_auth(config = "config", secrets = "secrets"))]
pub struct Catalog;

/// The shop's public face.
#[edge_handler(router, needs(Users, Texts, Catalog))]
pub fn storefront() -> Router {
    Router::new()
        .route("/", get(front))
        .route("/users/{id}", get(show).put(store))
        .route("/users/{id}/card", get(card))
        .fallback(browse)
}

/// The catalog's page under the shop's greeting, with the catalog's cache headers. It is another
/// page than the catalog's, so the client's conditions and range are not passed on.
async fn front(texts: Texts, catalog: Catalog) -> Result<Response> {
    let ask = Request::new(Body::empty()).cache(Cache::Pass);
    let (mut head, page) = catalog.send(ask).await?.into_parts();
    let page = page.bytes(PAGE_MAX).await?;
    // They are about the catalog's bytes.
    for name in [header::CONTENT_LENGTH, header::ETAG, header::ACCEPT_RANGES] {
        head.headers.remove(name);
    }
    let text = [texts.greeting.as_bytes(), b"\n\n", &page].concat();
    Ok(Response::from_parts(head, text.into()))
}

/// Everything else is the catalog's.
async fn browse(catalog: Catalog, req: Request) -> Result<Response> {
    catalog.send(req.cache(Cache::Pass)).await
}

/// A profile, with the generation that the next write must name.
async fn show(users: Users, Path(id): Path<String>) -> Result<Response> {
    Ok(match users.get_with_generation(&id).await? {
        Some(user) => {
            ([("generation", user.generation.to_string())], Json(user.value)).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// Stores a profile if nobody else has since `If-Generation-Match`; 0 means "only a new one".
async fn store(
    users: Users,
    cards: SimpleCache,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(user): Json<User>,
) -> Result<Response> {
    let known = headers.get("if-generation-match").and_then(|value| value.to_str().ok());
    let put = users.put(&id, &user);
    let generation = match known.map(str::parse) {
        None => put.await?,
        Some(Ok(known)) => put.if_generation(known).await?,
        Some(Err(_)) => return Ok(StatusCode::BAD_REQUEST.into_response()),
    };
    cards.purge_in(card_key(&id), PurgeScope::Global).await?;
    Ok([("generation", generation.to_string())].into_response())
}

/// A profile as a card. It is made once for all who want it at the same time, kept for a while, and made anew after the
/// profile was written. That there is no profile is kept too, as an empty card.
async fn card(cards: SimpleCache, users: Users, Path(id): Path<String>) -> Result<Response> {
    let made = cards.get_or_set_with(card_key(&id), async || {
        let user = users.get(&id).await?;
        Ok((user.map(|user| format!("{} shops here\n", user.name)).unwrap_or_default(), CARD_TTL))
    });
    let card = made.await?;
    Ok(match card.is_empty() {
        true => StatusCode::NOT_FOUND.into_response(),
        false => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], card).into_response(),
    })
}

fn card_key(id: &str) -> String {
    format!("card/{id}")
}
