//! Admission: a response that may be stored is on its way to the shelf, and whoever wants it reads along.
//!
//! The body is taken in by itself, however slowly its readers read, up to what the shelf takes of one object; beyond
//! that the slowest of them sets the pace. An object becomes visible on the shelf when its last byte has come; one that
//! broke off never does.

use std::{future::poll_fn, sync::Arc, task::Poll};

use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{Either, select},
};
use http::{HeaderMap, StatusCode, header};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use selvedge::{Body, Response};
use selvedge_cache::{
    decision::{NoStore, Verdict},
    entry::{Entry, StoredHead},
    partial::{ContentRange, absorb, incomplete, part},
    policy::Override,
    shelf::PutOutcome,
};

use super::{
    answer::Told,
    asked::Asked,
    call::{Answered, Call},
    receive::has_cookie,
    shielded::say_life,
    told::object,
};
use crate::{
    clock::Clock,
    flight::{Ended, Go, Landing, Stream, is_usable},
    hop::Hop,
};

/// How long a body that will not be stored waits for its slowest reader to take a piece.
const STALL_MS: u64 = 30_000;

/// Answers with a response whose body is taken in for the shelf.
pub(super) fn admit(
    mut call: Call,
    mut response: Response,
    over: &Override,
    head: StoredHead,
    range: Option<ContentRange>,
) -> Answered {
    // What finds no room here may find it in front.
    say_life(&call.hop, &head, &mut response);
    let shelf = &call.hop.pop.shelf;
    let (limit, declared) = (shelf.max_object(), declared_length(&response));
    if declared.is_some_and(|length| length > limit) {
        return (Ok(call.unshared(response, over, NoStore::TooLarge)), None);
    }
    let ttl_ms = head.ttl_ms(head.received_at_ms);
    let stream = match &range {
        None => Stream::of_whole(limit, declared, shelf.room()),
        Some(_) => Stream::new(limit, declared, shelf.room()),
    };
    let landing = Arc::new(Landing { head, range, stream, began: call.began.clone() });
    let Some(reader) = landing.stream.reader(0, None) else {
        return (Ok(call.unshared(response, over, NoStore::NoRoom)), None);
    };
    call.hop.note_object(|| object(&call.hop, &call.asked.key, &landing.head));
    call.hop.pop.flights.unmark(&call.asked.key);
    call.share(&landing);
    let told = Told {
        stored: Some(ttl_ms),
        cookie: landing.range.is_none() && has_cookie(&response),
        ..call.forwarded()
    };
    let (head, body) = response.into_parts();
    let whole = Response::from_parts(head, Body::new(reader));
    let response = match &call.client {
        None => whole,
        Some(client) => answer_less(&call, client, &landing, whole),
    };
    let response = call.tell(response, told);
    (Ok(response), Some(Pump { call, landing, body, trailers: None }))
}

impl Call {
    /// Those who wait read along, unless each has to ask for itself.
    fn share(&mut self, landing: &Arc<Landing>) {
        match &self.lead {
            Some(lead) if is_usable(&landing.head, self.sent_ms) => {
                lead.coming(Arc::clone(landing));
            }
            _ => self.end(Ended::Unshared),
        }
    }
}

/// The client asked for less than what the origin was asked for.
fn answer_less(call: &Call, client: &Asked, landing: &Landing, whole: Response) -> Response {
    let now_ms = call.hop.world().clock.now_ms();
    match landing.answer(&client.method, &client.headers, now_ms) {
        Some(mut response) => {
            say_life(&call.hop, &landing.head, &mut response);
            response
        }
        None => whole,
    }
}

fn declared_length(response: &Response) -> Option<u64> {
    let field = response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    field.or_else(|| response.body().size_hint().exact())
}

/// Takes a body in. Whoever has it has to run it, or else the body breaks off.
#[must_use]
pub(super) struct Pump {
    call: Call,
    landing: Arc<Landing>,
    body: Body,
    trailers: Option<HeaderMap>,
}

/// How a body ended.
enum Carried {
    Complete,
    Broken,
    /// Nobody wanted the rest.
    Unwanted,
}

impl Pump {
    /// Takes all of it in, puts it on the shelf, and tells its readers how it ended.
    pub(super) async fn run(mut self) {
        match self.carry().await {
            Carried::Complete => {
                self.store();
                self.call.end(Ended::Landed);
                self.landing.stream.complete(self.trailers.take());
            }
            Carried::Broken => {
                self.store_what_came();
                self.call.end(Ended::LeftOff);
                self.landing.stream.broken();
            }
            Carried::Unwanted => self.landing.stream.broken(),
        }
    }

    async fn carry(&mut self) -> Carried {
        loop {
            let clock = self.call.hop.world().clock.as_ref();
            if may_go_on(&self.landing.stream, clock).await == Go::Nobody {
                return Carried::Unwanted;
            }
            match self.body.frame().await {
                Some(Ok(frame)) => self.take(frame),
                Some(Err(_)) => return Carried::Broken,
                None => return Carried::Complete,
            }
        }
    }

    fn take(&mut self, frame: Frame<Bytes>) {
        match frame.into_data() {
            Ok(data) => {
                // What is not stored any more is only for those who read it already.
                if self.landing.stream.push(&data).is_err() {
                    self.call.end(Ended::Unshared);
                }
            }
            Err(frame) => self.trailers = frame.into_trailers().ok(),
        }
    }

    fn store(&self) {
        let Landing { head, range, stream, .. } = &*self.landing;
        match range {
            None => self.put(stream.take_entry(head)),
            Some(range) => {
                self.put(stream.take().and_then(|body| part(head.clone(), body, range)));
            }
        }
    }

    /// What came before the body broke off answers ranges, never the whole. Of a POST nothing does (RFC 9111 section 3.3).
    fn store_what_came(&self) {
        let is_read = matches!(self.call.verdict, Verdict::Miss(_));
        let is_whole = self.landing.range.is_none();
        if !is_read || !is_whole || self.landing.head.status != StatusCode::OK {
            return;
        }
        let Ok(body) = self.landing.stream.take_incomplete() else { return };
        let declared = self.landing.stream.declared();
        self.put(incomplete(self.landing.head.clone(), body, declared));
    }

    /// Those who are reading go on with the entry, which is on the shelf with the stored parts that touch it.
    fn put(&self, entry: Result<Entry, NoStore>) {
        let Ok(mut entry) = entry else { return };
        self.landing.stream.stored_in(&entry);
        let (shelf, asked) = (&self.hop().pop.shelf, &self.call.asked);
        if self.landing.range.is_some() {
            entry = absorb(entry, &shelf.parts(&asked.key, &asked.headers));
        }
        let _: PutOutcome = shelf.put(asked.key.clone(), entry, &self.call.began);
    }

    fn hop(&self) -> &Hop {
        &self.call.hop
    }
}

/// Waits for the slowest reader where it sets the pace; one that takes nothing for too long is cut off.
pub(crate) async fn may_go_on(stream: &Stream, clock: &dyn Clock) -> Go {
    if let Some(go) = poll_fn(|cx| stream.poll_go(cx)).now_or_never() {
        return go;
    }
    loop {
        let slowest = stream.slowest();
        let moved = poll_fn(|cx| match stream.poll_go(cx) {
            Poll::Ready(go) => Poll::Ready(Some(go)),
            Poll::Pending if stream.slowest() != slowest => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        });
        match select(moved, clock.sleep(STALL_MS)).await {
            Either::Left((Some(go), _)) => return go,
            // Whoever was far behind when the pace changed may read on for long, as long as it does.
            Either::Left((None, _)) => {}
            Either::Right(((), _)) => slowest.into_iter().for_each(|at| stream.cut_off(at)),
        }
    }
}

/// A body that is given up, as at the end of the process, is not waited for.
impl Drop for Pump {
    fn drop(&mut self) {
        self.landing.stream.broken();
    }
}
