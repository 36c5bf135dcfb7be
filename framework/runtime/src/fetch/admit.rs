//! Admission: may the response be stored, and if so, a copy of its body on the way past.
//!
//! The body is never held back: whoever reads it gets each chunk as it comes. An object becomes
//! visible when its last byte has passed; one that broke off never does.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::{Body as _, Frame, SizeHint};
use selvedge::{Body, Response};
use selvedge_cache::{
    decision::NoStore,
    entry::{Entry, StoredHead},
    fill::Fill,
    key::Key,
    partial::{ContentRange, absorb, incomplete, part},
    receive::Received,
    shelf::{Began, PutOutcome, Room, Shelf},
};

use super::asked::Asked;
use crate::{hop::Hop, world::Pop};

/// The response, its body copied for the shelf where it may be stored, with how long it will be
/// fresh in milliseconds, or the reason why not.
pub(super) fn admit(
    hop: &Hop,
    asked: &Asked,
    began: &Began,
    response: Response,
    received: Received,
) -> (Response, Result<i64, NoStore>) {
    let (head, part) = match received {
        Received::Store(head) => (head, None),
        Received::StorePart(head, range) => (head, Some(range)),
        Received::Forward(reason) => return (response, Err(reason)),
        Received::Renewed(_) | Received::Unselected | Received::ServeStale(..) => {
            return (response, Err(NoStore::Status));
        }
    };
    let declared = declared_length(&response);
    let limit = hop.pop.shelf.max_object();
    if declared.is_some_and(|length| length > limit) {
        return (response, Err(NoStore::TooLarge));
    }
    let ttl_ms = head.ttl_ms(head.received_at_ms);
    let fill = Fill::new(limit, declared);
    let room = hop.pop.shelf.room();
    let (key, request, began) = (asked.key.clone(), asked.headers.clone(), began.clone());
    let copy = Copy { head, part, fill, room, key, request, began };
    let tee = |body| Body::new(Tee::new(body, copy, Arc::clone(&hop.pop), declared));
    (response.map(tee), Ok(ttl_ms))
}

fn declared_length(response: &Response) -> Option<u64> {
    let field = response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    field.or_else(|| response.body().size_hint().exact())
}

/// What will be put on the shelf once the body is complete.
struct Copy {
    head: StoredHead,
    part: Option<ContentRange>,
    fill: Fill,
    room: Room,
    key: Key,
    request: HeaderMap,
    began: Began,
}

impl Copy {
    fn take(&mut self, data: &Bytes) -> bool {
        self.room.take(data.len() as u64) && self.fill.push(data.clone()).is_ok()
    }

    fn complete(self, shelf: &Shelf) {
        let Self { head, part: range, fill, key, request, room, began } = self;
        let Ok(body) = fill.finish() else { return };
        body.pay(room.into_charge());
        let entry = match range {
            None => Ok(Entry::new(head, body)),
            Some(range) => {
                let entry = part(head, body, &range);
                entry.map(|entry| absorb(entry, &shelf.parts(&key, &request)))
            }
        };
        if let Ok(entry) = entry {
            let _: PutOutcome = shelf.put(key, entry, &began);
        }
    }

    /// What came before the body broke off answers ranges, never the whole.
    fn broken(self, shelf: &Shelf, declared: Option<u64>) {
        let Self { head, part: None, fill, key, room, began, .. } = self else { return };
        let Ok(body) = fill.finish_incomplete() else { return };
        body.pay(room.into_charge());
        let entry = incomplete(head, body, declared);
        if let Ok(entry) = entry {
            let _: PutOutcome = shelf.put(key, entry, &began);
        }
    }
}

/// A body that is copied while it is read.
struct Tee {
    body: Body,
    copy: Option<Copy>,
    pop: Arc<Pop>,
    passed: u64,
    declared: Option<u64>,
}

impl Tee {
    fn new(body: Body, copy: Copy, pop: Arc<Pop>, declared: Option<u64>) -> Self {
        let mut tee = Self { body, copy: Some(copy), pop, passed: 0, declared };
        // A reader need not poll a body that says it is empty.
        if tee.body.is_end_stream() {
            tee.complete();
        }
        tee
    }

    fn take(&mut self, data: &Bytes) {
        self.passed = self.passed.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        let refused = self.copy.as_mut().is_some_and(|copy| !copy.take(data));
        if refused {
            self.copy = None;
        }
        // A reader that knows the length need not poll for the end.
        if self.declared == Some(self.passed) {
            self.complete();
        }
    }

    fn complete(&mut self) {
        if let Some(copy) = self.copy.take() {
            copy.complete(&self.pop.shelf);
        }
    }

    fn broken(&mut self) {
        if let Some(copy) = self.copy.take() {
            copy.broken(&self.pop.shelf, self.declared);
        }
    }
}

impl http_body::Body for Tee {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            // Nothing follows trailers, and a reader need not ask.
            Some(Ok(frame)) if frame.is_trailers() => self.complete(),
            Some(Ok(frame)) => frame.data_ref().into_iter().for_each(|data| self.take(data)),
            Some(Err(_)) => self.broken(),
            None => self.complete(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream() && self.copy.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
