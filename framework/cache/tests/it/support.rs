//! What several test files need: header maps from text, and entries to put on shelves.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use selvedge_cache::decide::{Step, decide};
use selvedge_cache::{
    Answer, BodyPlan, Entry, Fill, Key, Override, Piece, Policy, PutOutcome, RequestView,
    ResponseView, Shelf, StoredBody, StoredHead, Times, storable,
};

/// Headers from lines such as `Vary: Accept`.
pub(crate) fn headers(lines: &[&str]) -> HeaderMap {
    lines.iter().map(|line| header(line)).collect()
}

pub(crate) fn header(line: &str) -> (HeaderName, HeaderValue) {
    let (name, value) = line.split_once(':').expect("a header line has a colon");
    let name = HeaderName::from_bytes(name.trim().as_bytes()).expect("a header name");
    (name, HeaderValue::from_bytes(value.trim().as_bytes()).expect("a header value"))
}

pub(crate) fn body(bytes: &[u8]) -> StoredBody {
    let mut fill = Fill::new(u64::MAX, None);
    fill.push(bytes).expect("no limit");
    fill.finish().expect("no declared length")
}

pub(crate) fn key(path: &str) -> Key {
    Key::new("shop", "shop.localhost", path)
}

/// An entry that arrived at `at_ms` with a ttl of a minute by override.
pub(crate) fn entry(request: &[&str], response: &[&str], at_ms: u64, bytes: &[u8]) -> Entry {
    let (request, response) = (headers(request), headers(response));
    let request = RequestView { method: &Method::GET, headers: &request };
    let response = ResponseView { status: StatusCode::OK, headers: &response };
    let over = Override { ttl: Some(Duration::from_secs(60)), ..Override::default() };
    let times = Times { requested_at_ms: at_ms, received_at_ms: at_ms };
    let fresh = storable(&request, &response, &Policy::default(), &over, times).expect("storable");
    let head = StoredHead::new(&request, &response, fresh, at_ms).expect("no star");
    Entry::new(head, body(bytes))
}

/// Puts an entry down that was fetched just now.
pub(crate) fn put(shelf: &Shelf, key: Key, entry: Entry) -> PutOutcome {
    shelf.put(key, entry, &shelf.begin())
}

/// What becomes of a GET of `path` with these headers: `hit` or a permission, or why the origin has to be asked.
pub(crate) fn look_up(shelf: &Shelf, path: &str, request: &[&str], now_ms: u64) -> &'static str {
    let request = headers(request);
    let view = RequestView { method: &Method::GET, headers: &request };
    match decide(&view, shelf.stock(&key(path), &request), &Policy::rfc(), now_ms) {
        Step::Serve { verdict, .. } => verdict.reason().unwrap_or(verdict.as_str()),
        Step::Forward { reason, .. } => reason.as_str(),
        Step::OnlyIfCached => "only-if-cached",
    }
}

/// The bytes that an answer sends.
pub(crate) fn body_of(entry: &Entry, answer: &Answer) -> Vec<u8> {
    let bytes = |piece: &Piece| match piece {
        Piece::Text(text) => text.to_vec(),
        Piece::Slice(range) => entry.body().slice(range.clone()).concat(),
    };
    match &answer.body {
        BodyPlan::Empty => Vec::new(),
        BodyPlan::Whole => entry.body().chunks().concat(),
        BodyPlan::Pieces(pieces) => pieces.iter().flat_map(bytes).collect(),
    }
}
