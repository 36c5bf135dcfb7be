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
use http::header;
use http_body::{Body as _, Frame, SizeHint};
use selvedge::{Body, Response};
use selvedge_cache::{
    decision::NoStore,
    entry::{Entry, StoredHead},
    fill::Fill,
    fresh::Override,
    key::Key,
    shelf::PutOutcome,
    storable::{RequestView, ResponseView, storable},
    when::Times,
};

use super::Asked;
use crate::{hop::Hop, world::Pop};

/// The response, its body copied for the shelf where it may be stored, or the reason why not.
pub(super) fn admit(
    hop: &Hop,
    asked: Asked,
    response: Response,
) -> (Response, Result<(), NoStore>) {
    let head = match head(hop, &asked, &response) {
        Ok(head) => head,
        Err(reason) => return (response, Err(reason)),
    };
    let declared = declared_length(&response);
    let limit = hop.pop.shelf.max_object();
    if declared.is_some_and(|length| length > limit) {
        return (response, Err(NoStore::TooLarge));
    }
    let copy = Copy { head, fill: Fill::new(limit, declared), key: asked.key };
    let tee = |body| Body::new(Tee::new(body, copy, Arc::clone(&hop.pop), declared));
    (response.map(tee), Ok(()))
}

fn head(hop: &Hop, asked: &Asked, response: &Response) -> Result<StoredHead, NoStore> {
    let request = RequestView { method: &asked.method, headers: &asked.headers };
    let view = ResponseView { status: response.status(), headers: response.headers() };
    let times =
        Times { requested_at_ms: asked.sent_ms, received_at_ms: hop.world().clock.now_ms() };
    let over = Override { ttl: asked.ttl };
    let freshness = storable(&request, &view, &hop.service.policy, &over, times)?;
    StoredHead::new(&request, &view, freshness, times.received_at_ms).map_err(|_| NoStore::VaryStar)
}

fn declared_length(response: &Response) -> Option<u64> {
    let field = response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    field.or_else(|| response.body().size_hint().exact())
}

/// What will be put on the shelf once the body is complete.
struct Copy {
    head: StoredHead,
    fill: Fill,
    key: Key,
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
        let refused = self.copy.as_mut().is_some_and(|copy| copy.fill.push(data.clone()).is_err());
        if refused {
            self.copy = None;
        }
        // A reader that knows the length need not poll for the end.
        if self.declared == Some(self.passed) {
            self.complete();
        }
    }

    fn complete(&mut self) {
        let Some(Copy { head, fill, key }) = self.copy.take() else { return };
        if let Ok(body) = fill.finish() {
            let _: PutOutcome = self.pop.shelf.put(key, Entry::new(head, body));
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
            Some(Ok(frame)) => frame.data_ref().into_iter().for_each(|data| self.take(data)),
            Some(Err(_)) => self.copy = None,
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
