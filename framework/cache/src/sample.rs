//! What unit tests of several files need: header maps from text, and entries.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::entry::{Entry, StoredHead};
use crate::fill::{Fill, StoredBody};
use crate::policy::{Override, Policy};
use crate::storable::{RequestView, ResponseView, storable};
use crate::when::Times;

/// The time of every sample's receipt: Sun, 06 Nov 1994 08:49:37 GMT.
pub(crate) const NOW: u64 = 784_111_777_000;

/// Headers from lines such as `Vary: Accept`.
pub(crate) fn headers(lines: &[&str]) -> HeaderMap {
    lines.iter().map(|line| header(line)).collect()
}

fn header(line: &str) -> (HeaderName, HeaderValue) {
    let (name, value) = line.split_once(':').unwrap();
    let name = HeaderName::from_bytes(name.trim().as_bytes()).unwrap();
    (name, HeaderValue::from_bytes(value.trim().as_bytes()).unwrap())
}

pub(crate) fn body(pieces: &[&[u8]]) -> StoredBody {
    let mut fill = Fill::new(u64::MAX, None);
    for piece in pieces {
        fill.push(piece).unwrap();
    }
    fill.finish().unwrap()
}

/// The head of a 200 that arrived at [`NOW`] and is fresh for a minute.
pub(crate) fn head(status: u16, request: &[&str], response: &[&str]) -> StoredHead {
    let (request, response) = (headers(request), headers(response));
    let request = RequestView { method: &Method::GET, headers: &request };
    let view = ResponseView { status: StatusCode::OK, headers: &response };
    let over = Override { ttl: Some(Duration::from_secs(60)), ..Override::default() };
    let times = Times { requested_at_ms: NOW, received_at_ms: NOW };
    let fresh = storable(&request, &view, &Policy::default(), &over, times).unwrap();
    let response =
        ResponseView { status: StatusCode::from_u16(status).unwrap(), headers: &response };
    StoredHead::new(&request, &response, fresh, NOW).unwrap()
}

/// A stored 200 with the body `0123456789`.
pub(crate) fn entry(response: &[&str]) -> Entry {
    Entry::new(head(200, &[], response), body(&[b"01234", b"56789"]))
}

pub(crate) fn shared(response: &[&str]) -> Entry {
    entry(response)
}

/// The head of a 200 that arrived at [`NOW`], as fresh as its headers and the policy make it.
pub(crate) fn stored(response: &[&str], policy: &Policy) -> StoredHead {
    let (request, response) = (HeaderMap::new(), headers(response));
    let request = RequestView { method: &Method::GET, headers: &request };
    let view = ResponseView { status: StatusCode::OK, headers: &response };
    let times = Times { requested_at_ms: NOW, received_at_ms: NOW };
    let fresh = storable(&request, &view, policy, &Override::default(), times).unwrap();
    StoredHead::new(&request, &view, fresh, NOW).unwrap()
}
