//! Keys, entries and questions, as short as can be.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use selvedge_cache::{
    Entry, Fill, Key, Override, Policy, RequestView, ResponseView, StoredBody, StoredHead, Times,
    storable,
};

pub(crate) fn key(path: &str) -> Key {
    Key::new("shop", "shop.localhost", path)
}

/// The head of a response with the surrogate key `tag` and a lifetime of a minute, for a request without headers.
pub(crate) fn head() -> StoredHead {
    head_for(&HeaderMap::new())
}

/// The header section of a request for a variant.
pub(crate) fn asking_for(variant: u8) -> HeaderMap {
    HeaderMap::from_iter([(HeaderName::from_static("v"), HeaderValue::from(u16::from(variant)))])
}

/// An entry that such a request selects.
pub(crate) fn variant(number: u8, size: usize) -> Entry {
    Entry::new(head_for(&asking_for(number)), body(size))
}

fn head_for(request: &HeaderMap) -> StoredHead {
    let mut response = HeaderMap::new();
    response.insert("surrogate-key", HeaderValue::from_static("tag"));
    if !request.is_empty() {
        response.insert("vary", HeaderValue::from_static("v"));
    }
    let request = RequestView { method: &Method::GET, headers: request };
    let response = ResponseView { status: StatusCode::OK, headers: &response };
    let over = Override { ttl: Some(Duration::from_secs(60)), ..Override::default() };
    let times = Times { requested_at_ms: 0, received_at_ms: 0 };
    let fresh = storable(&request, &response, &Policy::default(), &over, times).unwrap();
    StoredHead::new(&request, &response, fresh, 0).unwrap()
}

pub(crate) fn body(size: usize) -> StoredBody {
    let mut fill = Fill::new(u64::MAX, None);
    fill.push(&vec![0; size]).unwrap();
    fill.finish().unwrap()
}

pub(crate) fn entry(size: usize) -> Entry {
    Entry::new(head(), body(size))
}
