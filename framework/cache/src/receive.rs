//! What to do with the origin's answer (RFC 9111 sections 3, 4.3.3 and 4.3.4): renew what is stored, store it, serve
//! stale instead, or pass it on.

use http::header::DATE;
use http::{HeaderMap, Method, StatusCode};

use crate::decision::NoStore;
use crate::entry::{Entry, StoredHead};
use crate::etag::EntityTag;
use crate::fresh::Freshness;
use crate::head_update::{self, HeadUpdate};
use crate::merge::{for_request, merged_headers, selected, updated};
use crate::partial::{ContentRange, part_storable};
use crate::policy::{Override, Policy};
use crate::stale::{Failure, StalePermission, may_serve_stale};
use crate::storable::{RequestView, ResponseView, storable};
use crate::validate::can_validate;
use crate::when::{Times, date_field, initial_age_ms};

/// A request that was sent to the origin, and how its answer is judged.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// The client's request, with its own conditions.
    pub request: RequestView<'a>,
    /// The entries that the origin was asked about, the best first; none if it was asked for the thing itself.
    pub candidates: &'a [Entry],
    /// The service's settings.
    pub policy: &'a Policy,
    /// What a handler or a rule says.
    pub over: &'a Override,
    /// When the request was sent and the answer came.
    pub times: Times,
}

/// What becomes of an answer.
#[derive(Debug)]
pub enum Received {
    /// A 304: the first of these answers the client, and all of them replace what is stored.
    Renewed(Vec<Renewed>),
    /// A 304 that is about nothing stored: the request has to be sent again without our conditions.
    Unselected,
    /// The origin failed and what is stored may answer.
    ServeStale(Entry, StalePermission),
    /// Pass it on, and store it once its body is complete.
    Store(StoredHead),
    /// Pass it on, and store it as a part once its body is complete.
    StorePart(StoredHead, ContentRange),
    /// Pass it on.
    Forward(NoStore),
}

/// An entry as a 304 left it.
#[derive(Debug)]
pub struct Renewed {
    /// The entry.
    pub entry: Entry,
    /// Whether it may be put on the shelf, which [`Shelf::renew`](crate::Shelf::renew) does or does not do.
    pub keep: Result<(), NoStore>,
}

/// Judges the head of an answer.
#[must_use]
pub fn receive(exchange: &Exchange<'_>, response: &ResponseView<'_>) -> Received {
    if is_validation(exchange) && response.status == StatusCode::NOT_MODIFIED {
        return renew(exchange, response);
    }
    let failure = Failure::Status(response.status);
    match instead(exchange, failure) {
        Some((entry, permission)) => Received::ServeStale(entry, permission),
        None => store(exchange, response),
    }
}

/// What a 200 to HEAD makes of the stored answers to GET: the entries that take their places (section 4.3.5).
#[must_use]
pub fn receive_head(
    exchange: &Exchange<'_>,
    response: &ResponseView<'_>,
    stored: &[Entry],
) -> Vec<Entry> {
    let replace = |old: &Entry| match head_update::judge(old, response) {
        HeadUpdate::Update => updated_by_head(exchange, response, old),
        HeadUpdate::Outdated => Some(old.expired()),
        HeadUpdate::Nothing => None,
    };
    stored.iter().filter_map(replace).collect()
}

/// Of a response that must not be stored no header may be either (section 5.2.2.5); it still ends the old one's life.
fn updated_by_head(
    exchange: &Exchange<'_>,
    response: &ResponseView<'_>,
    old: &Entry,
) -> Option<Entry> {
    let Renewed { entry, keep } = renewed(exchange, response, old, no_younger);
    match keep {
        Ok(()) => Some(entry),
        Err(reason) if reason.is_of_request() => None,
        Err(_) => Some(old.expired()),
    }
}

/// Where nothing could be validated, the conditions that the origin saw were the client's own, and so is its 304.
fn is_validation(exchange: &Exchange<'_>) -> bool {
    exchange.candidates.iter().any(can_validate)
}

/// What may be served now that the origin has failed.
#[must_use]
pub fn instead(exchange: &Exchange<'_>, failure: Failure) -> Option<(Entry, StalePermission)> {
    let best = exchange.candidates.iter().find(|entry| matches(exchange, entry))?;
    let now_ms = exchange.times.received_at_ms;
    let permission = may_serve_stale(&best.head, exchange.policy, failure, now_ms)?;
    Some((best.clone(), permission))
}

/// A variant for other request headers may be asked about, but not served, without the origin's word.
fn matches(exchange: &Exchange<'_>, entry: &Entry) -> bool {
    entry.is_whole() && entry.head.variant.matches(exchange.request.headers)
}

fn store(exchange: &Exchange<'_>, response: &ResponseView<'_>) -> Received {
    let stored = match response.status {
        StatusCode::PARTIAL_CONTENT => store_part(exchange, response),
        _ => store_whole(exchange, response),
    };
    stored.unwrap_or_else(Received::Forward)
}

fn store_whole(exchange: &Exchange<'_>, response: &ResponseView<'_>) -> Result<Received, NoStore> {
    let Exchange { request, policy, over, times, .. } = exchange;
    let freshness = storable(request, response, policy, over, *times)?;
    head(exchange, response, freshness).map(Received::Store)
}

fn store_part(exchange: &Exchange<'_>, response: &ResponseView<'_>) -> Result<Received, NoStore> {
    let Exchange { request, policy, over, times, .. } = exchange;
    let (freshness, range) = part_storable(request, response, policy, over, *times)?;
    Ok(Received::StorePart(head(exchange, response, freshness)?, range))
}

fn head(
    exchange: &Exchange<'_>,
    response: &ResponseView<'_>,
    freshness: Freshness,
) -> Result<StoredHead, NoStore> {
    let received_at_ms = exchange.times.received_at_ms;
    StoredHead::new(&exchange.request, response, freshness, received_at_ms)
        .map_err(|_| NoStore::VaryStar)
}

fn renew(exchange: &Exchange<'_>, response: &ResponseView<'_>) -> Received {
    let mut chosen = selected(exchange.candidates, response.headers, exchange.times.received_at_ms);
    // Only a tag can tell that what was stored for other request headers is meant (section 4.1).
    let by_tag = EntityTag::of(response.headers).is_some();
    chosen.retain(|entry| by_tag || matches(exchange, entry));
    match chosen.is_empty() {
        true => Received::Unselected,
        false => Received::Renewed(
            chosen.iter().map(|old| renewed(exchange, response, old, as_it_says)).collect(),
        ),
    }
}

/// What the old entry's life does to the new one's.
type Inherits = fn(&Entry, &ResponseView<'_>, Freshness, Times) -> Freshness;

fn renewed(
    exchange: &Exchange<'_>,
    response: &ResponseView<'_>,
    old: &Entry,
    inherits: Inherits,
) -> Renewed {
    let Exchange { request, policy, over, times, .. } = exchange;
    let merged = merged_headers(&old.head.headers(), response.headers);
    let view = ResponseView { status: old.head.status, headers: &merged };
    let get = RequestView { method: &Method::GET, headers: request.headers };
    let judged = storable(&get, &view, policy, over, *times);
    let freshness = judged.unwrap_or_else(|_| unkept(old, &merged, *times));
    let freshness = inherits(old, response, freshness, *times);
    let entry = updated(old, response.headers, freshness, times.received_at_ms);
    let keep = judged.map(drop);
    as_variant(exchange, entry, keep)
}

/// The life of what answers this one request and is not kept.
fn unkept(old: &Entry, merged: &HeaderMap, times: Times) -> Freshness {
    let initial_age_ms = initial_age_ms(merged, times);
    Freshness { lifetime_ms: 0, initial_age_ms, ..old.head.freshness() }
}

/// A validation begins a new life: its age is what the 304 says of its own (sections 4.2.3 and 4.3.4), however old what
/// it validates had become. One whose `Date` is earlier than that of what is stored is by that very date the older.
fn as_it_says(_: &Entry, _: &ResponseView<'_>, freshness: Freshness, _: Times) -> Freshness {
    freshness
}

/// HEAD validates nothing: one that was made before what is stored, by its own `Date`, makes it no younger. Dates are in
/// whole seconds, so an equal one says nothing against it.
fn no_younger(
    old: &Entry,
    response: &ResponseView<'_>,
    freshness: Freshness,
    times: Times,
) -> Freshness {
    let now_ms = times.received_at_ms;
    match date_field(response.headers, DATE, now_ms).at() {
        Some(date) if date < old.head.made_at_ms() => freshness.aged(old.head.age_ms(now_ms)),
        _ => freshness,
    }
}

/// From now on it is this request's variant, even if it was stored for other request headers, or with another
/// `Vary` than the origin sends now (section 4.1).
fn as_variant(exchange: &Exchange<'_>, entry: Entry, keep: Result<(), NoStore>) -> Renewed {
    match for_request(&entry, exchange.request.headers) {
        Ok(entry) => Renewed { entry, keep },
        Err(_) => Renewed { entry, keep: Err(NoStore::VaryStar) },
    }
}
