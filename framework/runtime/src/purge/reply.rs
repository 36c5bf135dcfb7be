//! What is answered to a purge: its id, and how many objects it met in each POP.

use axum::{Json, response::IntoResponse};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use selvedge::Response;
use serde_json::{Value, json};

use super::Purged;

/// Objects purged in each POP: `LHR=3, IAD=0`.
const PURGED: HeaderName = HeaderName::from_static("selvedge-purged");

/// `{"status":"ok","id":"..."}`.
pub(crate) fn done(purged: &Purged) -> Response {
    reply(json!({ "status": "ok", "id": purged.id }), purged)
}

/// `{"status":"ok"}`, which is all that a purge of everything says.
pub(crate) fn done_without_id(purged: &Purged) -> Response {
    reply(json!({ "status": "ok" }), purged)
}

fn reply(body: Value, purged: &Purged) -> Response {
    let mut response = Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    say_counts(headers, purged);
    response
}

/// Adds the counts, with a zero for each POP where nothing was met.
pub(crate) fn say_counts(headers: &mut HeaderMap, purged: &Purged) {
    let counts = purged.counts.iter().map(|(pop, count)| format!("{pop}={count}"));
    let text = counts.collect::<Vec<_>>().join(", ");
    headers.extend(HeaderValue::from_str(&text).ok().map(|value| (PURGED, value)));
}
