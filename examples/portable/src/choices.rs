//! What `site` may say to the cache about `stock`'s answers, and which of it is a node's alone.

use std::time::Duration;

use selvedge::prelude::*;

use crate::Stock;

const MINUTE: Duration = Duration::from_secs(60);

/// Counts lamps, cached as the path says.
pub(crate) async fn by_choice(stock: Stock, Path(choice): Path<String>) -> Result<Response> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static("/lamps");
    stock.send(chosen(request, &choice)).await
}

fn chosen(request: Request, choice: &str) -> Request {
    match choice {
        "ttl" => request.cache(
            Cache::ttl(MINUTE)
                .stale_while_revalidate(MINUTE)
                .stale_if_error(MINUTE)
                .surrogate_key("lamps"),
        ),
        "alone" => request.cache(Cache::ttl(MINUTE).without_collapsing()),
        "hurry" => request.cache(Cache::ttl(MINUTE).lookup_timeout(MINUTE)),
        "hook" => request.before_send(|_| Ok(())),
        _ => request,
    }
}

/// Forgets what the choices above let the cache keep.
pub(crate) async fn purge(purge: Purge, log: Log) -> Result<StatusCode> {
    purge.soft_surrogate_keys(["lamps", "chairs"]).await?;
    log.line("purged,\nsoftly");
    Ok(StatusCode::NO_CONTENT)
}
