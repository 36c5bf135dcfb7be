//! What is answered to a purge: its id, and how many objects it met in each POP.

use axum::{Json, response::IntoResponse};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use selvedge::Response;
use serde::Serialize;

use super::Purged;

/// Objects purged in each POP: `LHR=3, IAD=0`.
const PURGED: HeaderName = HeaderName::from_static("selvedge-purged");

/// The body, its members in the platform's order.
#[derive(Serialize)]
struct Done<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

/// `{"status":"ok","id":"..."}`.
pub(crate) fn done(purged: &Purged) -> Response {
    reply(Some(&purged.id), purged)
}

/// `{"status":"ok"}`, which is all that a purge of everything says.
pub(crate) fn done_without_id(purged: &Purged) -> Response {
    reply(None, purged)
}

fn reply(id: Option<&str>, purged: &Purged) -> Response {
    let mut response = Json(Done { status: "ok", id }).into_response();
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
