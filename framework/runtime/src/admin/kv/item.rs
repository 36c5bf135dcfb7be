//! An item read: its value as the body, all else in headers.

use axum::{extract::State, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use selvedge::store::kv::KvHead;
use selvedge_account::{Refused, Subject};

use crate::admin::{
    Api,
    wire::{At, Failed, Reply, time},
};

const GENERATION: HeaderName = HeaderName::from_static("generation");
const STORED_LENGTH: HeaderName = HeaderName::from_static("stored-content-length");
pub(super) const METADATA: HeaderName = HeaderName::from_static("metadata");

/// The value is sent in the parts in which it lies, each read when the client has taken the one before it.
pub(super) async fn get(State(api): State<Api>, At((store, key)): At<(String, String)>) -> Reply {
    let (store, key) = (super::store(&api, &store)?, super::key(key)?);
    let found = api.kv().find(&store, &key, api.now_ms()).await?;
    let (head, value) = found.ok_or_else(|| missing(key.as_str()))?.into_body();
    let mut response = Response::new(value);
    describe(response.headers_mut(), &head);
    Ok(response)
}

fn describe(headers: &mut HeaderMap, head: &KvHead) {
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, octets);
    headers.insert(GENERATION, HeaderValue::from(head.generation));
    if let Some(metadata) = carried(&head.metadata) {
        headers.insert(METADATA, metadata);
    }
    headers.insert(STORED_LENGTH, HeaderValue::from(head.length));
    // A date is ASCII.
    if let Ok(date) = HeaderValue::try_from(time::http_date(head.modified_ms)) {
        headers.insert(header::LAST_MODIFIED, date);
    }
}

/// Code and batches may store text that no header can carry, such as one with space at an end, which whoever reads a header
/// takes off (RFC 9110 section 5.5). No header at all says less than another text.
fn carried(metadata: &str) -> Option<HeaderValue> {
    let is_carried = metadata.trim_matches([' ', '\t']) == metadata;
    HeaderValue::from_bytes(metadata.as_bytes()).ok().filter(|_| is_carried)
}

/// The store is there, and the item is not.
pub(super) fn missing(key: &str) -> Failed {
    Failed::from(Refused::not_found(Subject::KvItem, key))
}
