//! A service that is reached through another one only.

use std::convert::Infallible;

use futures_util::stream;
use http_body_util::BodyExt as _;
use selvedge::prelude::*;

/// How many there are of each thing.
#[kv_store("stock", value = Text)]
pub struct Shelves;

/// Counts things. Without a chain token nobody gets this far.
#[edge_handler(router, needs(Shelves), chain_auth(config = "config", secrets = "secrets"))]
pub fn stock() -> Router {
    Router::new()
        .route("/{thing}", get(count))
        .route("/weigh", post(weigh))
        .route("/noise", get(noise))
}

async fn count(shelves: Shelves, Path(thing): Path<String>) -> Result<Response> {
    Ok(match shelves.get(&thing).await? {
        Some(number) => format!("{number} {thing}\n").into_response(),
        None => (StatusCode::NOT_FOUND, format!("no {thing}\n")).into_response(),
    })
}

/// Reads a body of any size and keeps none of it.
async fn weigh(request: Request) -> Result<String> {
    let (mut body, mut weight) = (request.into_body(), 0);
    while let Some(frame) = body.frame().await {
        weight += frame?.data_ref().map_or(0, |bytes| bytes.len());
    }
    Ok(format!("{weight} bytes\n"))
}

/// A body of which nobody knows the length before its end.
async fn noise() -> Body {
    let pieces = (0..64).map(|_| Ok::<_, Infallible>(Bytes::from_static(&[b'.'; 16 * 1024])));
    Body::from_stream(stream::iter(pieces))
}
