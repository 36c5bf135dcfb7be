//! The answer of a send: from the shelf or from the next hop, with our member of `Cache-Status`.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};
use selvedge::{Body, Response};
use selvedge_cache::{
    answer::answer_headers,
    cache_status::{StatusMember, member},
    decision::{NoStore, Verdict},
    entry::Entry,
    lookup::{Reuse, reuse},
};

use super::{Asked, body::Shelved};
use crate::hop::Hop;

/// What each cache on the way did (RFC 9211).
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// A stored response. HEAD gets its head alone.
pub(super) fn from_shelf(hop: &Hop, asked: &Asked, entry: &Arc<Entry>) -> Response {
    let body = match asked.method == Method::HEAD {
        true => Body::empty(),
        false => Body::new(Shelved::new(&entry.body)),
    };
    let mut response = Response::new(body);
    *response.status_mut() = entry.head.status;
    *response.headers_mut() = answer_headers(entry, asked.sent_ms);
    let ttl_ms = match reuse(&entry.head, asked.sent_ms) {
        Reuse::Fresh { ttl_ms, .. } => i64::try_from(ttl_ms).ok(),
        Reuse::Stale => None,
    };
    append(hop, &mut response, &StatusMember { ttl_ms, ..told(Verdict::Hit) });
    response
}

/// Says in `Cache-Status` how the request was forwarded and what became of the response.
pub(super) fn say(
    hop: &Hop,
    response: &mut Response,
    verdict: Verdict,
    stored: Result<(), NoStore>,
) {
    let pass = matches!(verdict, Verdict::Pass(_));
    let detail = stored.err().filter(|_| !pass).map(NoStore::as_str);
    append(hop, response, &StatusMember { stored: stored.is_ok(), detail, ..told(verdict) });
}

fn told(verdict: Verdict) -> StatusMember<'static> {
    StatusMember { verdict, ttl_ms: None, fwd_status: None, stored: false, key: None, detail: None }
}

fn append(hop: &Hop, response: &mut Response, status: &StatusMember<'_>) {
    let id = format!("{}/{}", hop.pop.name, hop.service.name());
    if let Ok(value) = HeaderValue::from_str(&member(&id, status)) {
        response.headers_mut().append(CACHE_STATUS, value);
    }
}
