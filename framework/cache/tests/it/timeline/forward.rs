//! The origin is asked, and what it answers is received, admitted and answered.

use http::header::SET_COOKIE;
use http::{Method, StatusCode};
use selvedge_cache::outdated::outdated;
use selvedge_cache::partial::{ContentRange, absorb, incomplete, part};
use selvedge_cache::receive::{Exchange, Received, Renewed, instead, receive, receive_head};
use selvedge_cache::rest::{self, Rest};
use selvedge_cache::validate::{can_validate, make_conditional};
use selvedge_cache::written::written;
use selvedge_cache::{
    Entry, Failure, Fill, Freshness, MissReason, NoStore, PassReason, ResponseView,
    StalePermission, StoredBody, StoredHead, Times, Verdict,
};

use super::drive::{Answered, Asked, World};
use super::origin::{Origin, Reply, declared_length};
use super::told::{Told, error, seconds, verdict_words, with_status};
use crate::support::put;

/// Asks the origin and does what its answer says.
pub(crate) fn forward(
    world: &World<'_>,
    origin: &Origin<'_>,
    asked: &Asked,
    reason: MissReason,
    candidates: &[Entry],
) -> Answered {
    let call = Call { world, origin, asked, verdict: Verdict::Miss(reason) };
    let mut headers = asked.headers.clone();
    if candidates.iter().any(can_validate) {
        make_conditional(&mut headers, candidates);
    }
    let Some(reply) = origin.ask(&asked.method, headers) else {
        let stale = instead(&call.exchange(candidates), Failure::Disconnected);
        return stale.map_or_else(|| call.failed(), |stale| call.stale(stale, None));
    };
    let view = ResponseView { status: reply.status, headers: &reply.headers };
    match receive(&call.exchange(candidates), &view) {
        Received::Renewed(renewed) => call.renewed(renewed),
        Received::Unselected => call.again(),
        Received::ServeStale(entry, permission) => {
            call.stale((entry, permission), Some(reply.status))
        }
        received => {
            call.update_by_head(&reply);
            for entry in outdated(&call.exchange(candidates), reply.status, &received) {
                world.shelf.outdate(&asked.key, &entry);
            }
            call.finish(reply, received)
        }
    }
}

/// Asks the origin for what is missing of a part.
pub(crate) fn complete(
    world: &World<'_>,
    origin: &Origin<'_>,
    asked: &Asked,
    reason: MissReason,
    rest: &Rest,
) -> Answered {
    let call = Call { world, origin, asked, verdict: Verdict::Miss(reason) };
    let mut headers = asked.headers.clone();
    rest.ask(&mut headers);
    let Some(reply) = origin.ask(&asked.method, headers) else { return call.failed() };
    let view = ResponseView { status: reply.status, headers: &reply.headers };
    let reply = match rest.judge(&view) {
        rest::Answered::Unfit => return call.again(),
        rest::Answered::Other => reply,
        rest::Answered::Rest(headers) => {
            let bytes = |body: Option<&StoredBody>| body.map_or_else(Vec::new, joined);
            let body = [bytes(rest.before()), reply.body.to_vec(), bytes(rest.after())].concat();
            Reply { status: StatusCode::OK, headers, body: body.into(), ..reply }
        }
    };
    let view = ResponseView { status: reply.status, headers: &reply.headers };
    let received = receive(&call.exchange(&[]), &view);
    call.finish(reply, received)
}

/// What a POST answered is put down as what GET gets, if it may be.
pub(crate) fn post(
    world: &World<'_>,
    origin: &Origin<'_>,
    asked: &Asked,
    reply: Reply,
) -> Answered {
    let call = Call { world, origin, asked, verdict: Verdict::Pass(PassReason::Method) };
    let view = ResponseView { status: reply.status, headers: &reply.headers };
    let received = written(&call.exchange(&[]), &view);
    call.finish(reply, received.map_or_else(Received::Forward, Received::Store))
}

fn joined(body: &StoredBody) -> Vec<u8> {
    body.chunks().concat()
}

struct Call<'a> {
    world: &'a World<'a>,
    origin: &'a Origin<'a>,
    asked: &'a Asked,
    verdict: Verdict,
}

impl Call<'_> {
    fn exchange<'b>(&'b self, candidates: &'b [Entry]) -> Exchange<'b> {
        Exchange {
            request: self.asked.view(),
            candidates,
            policy: &self.world.settings.policy,
            over: &self.asked.over,
            times: Times {
                requested_at_ms: self.asked.sent_ms,
                received_at_ms: self.origin.now_ms(),
            },
        }
    }

    /// A 304 that is about nothing stored: the client's own request is sent, with its own conditions.
    fn again(&self) -> Answered {
        let Some(reply) = self.origin.ask(&self.asked.method, self.asked.headers.clone()) else {
            return self.failed();
        };
        let view = ResponseView { status: reply.status, headers: &reply.headers };
        let received = receive(&self.exchange(&[]), &view);
        self.finish(reply, received)
    }

    fn failed(&self) -> Answered {
        (self.words("failed"), error(StatusCode::BAD_GATEWAY))
    }

    fn stale(
        &self,
        (entry, permission): (Entry, StalePermission),
        fwd_status: Option<StatusCode>,
    ) -> Answered {
        let told = Told { fwd_status, ..Told::of(Verdict::Stale(permission)) };
        self.world.serve(self.origin, self.asked, &entry, told)
    }

    /// The first of the renewed entries answers; all that may be kept are.
    fn renewed(&self, renewed: Vec<Renewed>) -> Answered {
        let (shelf, key) = (&self.world.shelf, &self.asked.key);
        let mut first = None;
        for renewed in renewed {
            let settled = shelf.renew(key, renewed, &shelf.begin());
            first.get_or_insert(settled);
        }
        let Some((entry, keep)) = first else { return self.again() };
        let told = Told {
            fwd_status: Some(StatusCode::NOT_MODIFIED),
            not_stored: keep.err(),
            ..Told::of(self.verdict)
        };
        let (_, reply) = self.world.serve(self.origin, self.asked, &entry, told);
        let mut words = self.words("renewed");
        words.extend(life(&entry.head.freshness()));
        words.extend(keep.err().map(|reason| format!("no-store={}", reason.as_str())));
        (words, reply)
    }

    /// What HEAD says of the stored answers to GET (RFC 9111 section 4.3.5).
    fn update_by_head(&self, reply: &Reply) {
        if self.asked.method != Method::HEAD {
            return;
        }
        let stored = self.world.shelf.find(&self.asked.key, &self.asked.headers);
        let view = ResponseView { status: reply.status, headers: &reply.headers };
        for entry in receive_head(&self.exchange(&stored), &view, &stored) {
            put(&self.world.shelf, self.asked.key.clone(), entry);
        }
    }

    fn finish(&self, reply: Reply, received: Received) -> Answered {
        let admitted = admitted(received);
        let mut told = Told::of(self.verdict);
        match &admitted {
            Ok((head, _)) => {
                told.stored = Some(head.ttl_ms(head.received_at_ms));
                told.cookie = reply.headers.contains_key(SET_COOKIE);
            }
            Err(reason) => told.not_stored = Some(*reason),
        }
        let stored = admitted.and_then(|(head, range)| self.put(head, range.as_ref(), &reply));
        let words = match stored {
            Ok(said) => said,
            Err(reason) => vec![format!("no-store={}", reason.as_str())],
        };
        let words = verdict_words(told.verdict).into_iter().chain(words).collect();
        let ttl_ms = told.stored;
        (words, with_status(reply, told, ttl_ms))
    }

    /// Puts down what there is of the body, as a whole or as a part.
    fn put(
        &self,
        head: StoredHead,
        range: Option<&ContentRange>,
        reply: &Reply,
    ) -> Result<Vec<String>, NoStore> {
        let (shelf, Asked { key, headers, .. }) = (&self.world.shelf, self.asked);
        let freshness = head.freshness();
        let declared = declared_length(&reply.headers);
        let mut fill = Fill::new(shelf.max_object(), declared);
        fill.push(&reply.body)?;
        let entry = match (range, reply.is_broken) {
            (None, false) => Entry::new(head, fill.finish()?),
            (None, true) => incomplete(head, fill.finish_incomplete()?, declared)?,
            (Some(range), false) => {
                self.absorbed(head, fill.finish()?, range, shelf.parts(key, headers))?
            }
            (Some(_), true) => return Err(NoStore::Incomplete),
        };
        let mut words = vec![extent(&entry)];
        words.extend(life(&freshness));
        put(shelf, key.clone(), entry).stored().map(|()| words)
    }

    fn absorbed(
        &self,
        head: StoredHead,
        body: StoredBody,
        range: &ContentRange,
        parts: Vec<Entry>,
    ) -> Result<Entry, NoStore> {
        part(head, body, range).map(|entry| absorb(entry, &parts))
    }

    fn words(&self, outcome: &str) -> Vec<String> {
        let verdict = verdict_words(self.verdict);
        verdict.into_iter().chain([outcome.to_owned()]).collect()
    }
}

fn admitted(received: Received) -> Result<(StoredHead, Option<ContentRange>), NoStore> {
    match received {
        Received::Store(head) => Ok((head, None)),
        Received::StorePart(head, range) => Ok((head, Some(range))),
        Received::Forward(reason) => Err(reason),
        Received::Renewed(_) | Received::Unselected | Received::ServeStale(..) => {
            Err(NoStore::Status)
        }
    }
}

/// `stored`, or `part=0-4/10` with the bytes that there are by now.
fn extent(entry: &Entry) -> String {
    if entry.is_whole() {
        return "stored".to_owned();
    }
    let (bytes, length) = (entry.bytes(), entry.complete_length());
    let length = length.map_or("*".to_owned(), |length| length.to_string());
    format!("part={}-{}/{length}", bytes.start, bytes.end.saturating_sub(1))
}

fn life(freshness: &Freshness) -> [String; 3] {
    [
        format!("lifetime={}", seconds(freshness.lifetime_ms)),
        format!("age={}", seconds(freshness.initial_age_ms)),
        format!("source={}", freshness.source.as_str()),
    ]
}
