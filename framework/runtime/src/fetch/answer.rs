//! The answer of a send: from the shelf or from the next hop, with our member of `Cache-Status`.

use std::collections::VecDeque;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body::Body as _;
use selvedge::{Body, Response};
use selvedge_cache::{
    answer::{Answer, BodyPlan, Form, Piece, answer_headers, form},
    cache_status::{StatusMember, member, write_plain_member},
    decision::{NoStore, Verdict},
    entry::Entry,
    key::Key,
};

use super::{
    asked::{Asked, Looking},
    body::Chunks,
    found::{Found, Stored},
    shielded::say_life,
};
use crate::{
    headers,
    hop::{Hop, Outcome},
};

/// What each cache on the way did (RFC 9211).
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Rides along with a response whose body lies on the shelf, and so is in memory whoever reads it. A small one is handed
/// on without it as well.
#[derive(Clone, Copy, Debug)]
pub struct FromShelf;

/// Rides along with a response that was served stale. Whoever has it next in the process cannot tell that by its `Age`,
/// where a purge made it so, and must not take it for fresh.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outlived;

/// What is no longer than this, in bytes, is handed to a connection as it is, wherever it lies.
pub const SMALL: u64 = 16 * 1024;

/// What is told of one request.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    pub(super) verdict: Verdict,
    /// The origin's status, where it differs from ours.
    pub(super) fwd_status: Option<StatusCode>,
    /// Stored, and fresh for so long.
    pub(super) stored: Option<i64>,
    pub(super) not_stored: Option<NoStore>,
    /// Stored with a cookie in it, which its service should know.
    pub(super) cookie: bool,
    /// Whether it waited for another's answer, and if so, whether that became its own.
    pub(super) collapsed: Option<bool>,
}

impl Told {
    pub(super) fn of(verdict: Verdict) -> Self {
        let (fwd_status, stored, not_stored) = (None, None, None);
        Self { verdict, fwd_status, stored, not_stored, cookie: false, collapsed: None }
    }

    /// The same beside this status of ours: a 304 that the client gets too is not another one.
    pub(super) fn beside(self, ours: StatusCode) -> Self {
        Self { fwd_status: self.fwd_status.filter(|theirs| *theirs != ours), ..self }
    }

    /// What is noted of it on the hop, with an object that had been reused so often.
    pub(crate) fn outcome(&self, hits: u64) -> Outcome {
        let Self { verdict, not_stored, collapsed, .. } = *self;
        Outcome { verdict, hits, not_stored, collapsed }
    }

    /// Writes the line of our member of `Cache-Status`, behind the end of the line before.
    pub(crate) fn write(&self, hop: &Hop, ttl_ms: Option<i64>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\r\ncache-status: ");
        // Names of POPs and services have nothing that a string would have to escape.
        write_plain_member(&cache(hop), &member_of(self, ttl_ms, None), out);
    }

    /// A refusal to store is told where the cache was asked, or might have kept what came by a pass; what stale was
    /// served on, always.
    fn detail(&self) -> Option<&'static str> {
        match self.verdict {
            Verdict::Pass(_) => {
                self.not_stored.filter(|no| *no != NoStore::PassRequested).map(NoStore::as_str)
            }
            Verdict::Stale(permission) => Some(permission.as_str()),
            _ if self.cookie => Some("set-cookie-stored"),
            _ => self.not_stored.map(NoStore::as_str),
        }
    }
}

/// A stored response, as the client's conditions, range and method want it; its headers are put together as late as
/// possible.
pub(super) fn from_shelf(
    hop: &Hop,
    looking: Looking<'_>,
    entry: Entry,
    told: Told,
    now_ms: u64,
) -> Found {
    match form(&entry, looking.request.method, looking.request.headers, now_ms) {
        // What developers are told in addition is about the request, and a shield says more, too.
        Form::AsStored(plan) if !hop.world().dev && !hop.is_at_shield() => {
            Found::Stored(Stored::of(entry, &plan, told, now_ms))
        }
        Form::AsStored(plan) => {
            let response = as_stored(&entry, plan, now_ms);
            Found::Made(tell(hop, Some(looking.key), (response, &entry), told, now_ms))
        }
        Form::Made(answer) => {
            let response = made(&entry, answer);
            Found::Made(tell(hop, Some(looking.key), (response, &entry), told, now_ms))
        }
    }
}

/// The stored response with its header map.
pub(super) fn as_stored(entry: &Entry, body: BodyPlan, now_ms: u64) -> Response {
    let (status, headers) = (entry.head.status, answer_headers(entry, now_ms));
    made(entry, Answer { status, headers, body })
}

fn made(entry: &Entry, planned: Answer) -> Response {
    let mut response = Response::new(body(entry, planned.body));
    *response.status_mut() = planned.status;
    *response.headers_mut() = planned.headers;
    response.headers_mut().reserve(1 + headers::SERVED);
    if response.body().size_hint().upper().is_none_or(|most| most > SMALL) {
        response.extensions_mut().insert(FromShelf);
    }
    response
}

/// Notes what was told of a response from the shelf, and says it in `Cache-Status`.
pub(super) fn tell(
    hop: &Hop,
    key: Option<&Key>,
    (mut response, entry): (Response, &Entry),
    told: Told,
    now_ms: u64,
) -> Response {
    hop.note(told.outcome(entry.head.hits()));
    say_life(hop, &entry.head, &mut response);
    if matches!(told.verdict, Verdict::Stale(_)) {
        response.extensions_mut().insert(Outlived);
    }
    let told = told.beside(response.status());
    append(hop, key, &mut response, &told, Some(entry.head.ttl_ms(now_ms)));
    response
}

fn body(entry: &Entry, plan: BodyPlan) -> Body {
    let chunks: VecDeque<Bytes> = match plan {
        BodyPlan::Empty => return Body::empty(),
        BodyPlan::Whole => return Body::new(Chunks::stored(entry.body())),
        BodyPlan::Pieces(pieces) => {
            pieces.into_iter().flat_map(|piece| bytes(entry, piece)).collect()
        }
    };
    Body::new(Chunks::of(entry.body(), chunks))
}

fn bytes(entry: &Entry, piece: Piece) -> Vec<Bytes> {
    match piece {
        Piece::Text(text) => vec![text],
        Piece::Slice(range) => entry.body().slice(range),
    }
}

/// Says in `Cache-Status` that another's answer is this one's too, and how long it is fresh.
pub(super) fn say_aged(hop: &Hop, asked: &Asked, response: &mut Response, told: Told, ttl_ms: i64) {
    append(hop, Some(&asked.key), response, &told, Some(ttl_ms));
}

/// Says in `Cache-Status` how the request was forwarded and what became of the response.
pub(super) fn say(hop: &Hop, asked: Option<&Asked>, response: &mut Response, told: Told) {
    append(hop, asked.map(|asked| &asked.key), response, &told, told.stored);
}

fn append(hop: &Hop, key: Option<&Key>, response: &mut Response, told: &Told, ttl_ms: Option<i64>) {
    let key = key.filter(|_| hop.world().dev).map(Key::to_string);
    let status = member_of(told, ttl_ms, key.as_deref());
    if let Ok(value) = HeaderValue::from_str(&member(&cache(hop), &status)) {
        response.headers_mut().append(CACHE_STATUS, value);
    }
}

/// How caches are named in `Cache-Status`.
fn cache(hop: &Hop) -> [&str; 3] {
    [hop.pop.name.as_str(), "/", hop.service.name()]
}

fn member_of<'a>(told: &Told, ttl_ms: Option<i64>, key: Option<&'a str>) -> StatusMember<'a> {
    StatusMember {
        verdict: told.verdict,
        ttl_ms,
        fwd_status: told.fwd_status.map(|status| status.as_u16()),
        stored: told.stored.is_some(),
        collapsed: told.collapsed,
        key,
        detail: told.detail(),
    }
}
