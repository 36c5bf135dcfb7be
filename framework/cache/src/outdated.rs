//! What the origin's answer takes away of what was stored, be it stored itself or not (RFC 9111 section 4.3.3).
//!
//! What takes its place on the shelf by being stored there is the shelf's business, what a write takes `invalidate`'s.

use http::{Method, StatusCode};

use crate::entry::Entry;
use crate::receive::{Exchange, Received};

/// What the answer takes away: a whole new answer takes the place of what was asked about, also where it may not be stored
/// itself (section 4.3.3). An error of the origin says nothing of it, and of a request that stores nothing nothing changes.
#[must_use]
pub fn outdated(exchange: &Exchange<'_>, status: StatusCode, received: &Received) -> Vec<Entry> {
    let Received::Forward(reason) = received else { return Vec::new() };
    let whole = !is_partial(status) && !status.is_server_error();
    if !whole || *exchange.request.method != Method::GET || reason.is_of_request() {
        return Vec::new();
    }
    let theirs = |entry: &&Entry| entry.head.variant.matches(exchange.request.headers);
    exchange.candidates.iter().filter(theirs).cloned().collect()
}

/// Whether it answers a range or a condition.
fn is_partial(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::PARTIAL_CONTENT
            | StatusCode::NOT_MODIFIED
            | StatusCode::PRECONDITION_FAILED
            | StatusCode::RANGE_NOT_SATISFIABLE
    )
}
