//! Where articles come from: a service of its own, here in the same process.

use selvedge::prelude::*;

/// Articles by name.
#[kv_store("articles", value = Text)]
pub struct Articles;

/// Prints what was written; an empty article is an accident.
#[edge_handler(path = "/articles/{name}")]
pub async fn press(
    articles: Articles,
    method: Method,
    Path(name): Path<String>,
    text: String,
) -> Result<Response> {
    if method == Method::PUT {
        articles.put(&name, &text).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let session = [(header::SET_COOKIE, "session=1")];
    Ok(match articles.get(&name).await? {
        None => (StatusCode::NOT_FOUND, "no such article\n").into_response(),
        Some(text) if text.is_empty() => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(text) => (session, text).into_response(),
    })
}
