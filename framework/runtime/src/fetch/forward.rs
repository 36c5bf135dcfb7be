//! The origin is asked: for the thing itself, or whether what is stored is still current.

use std::sync::Arc;

use http::{Method, StatusCode, header};
use selvedge::{Body, Error, Refusal, Request, Response, Result};
use selvedge_cache::{
    decision::{MissReason, Verdict},
    entry::Entry,
    policy::Override,
    receive::{Exchange, Received, Renewed, instead, receive, receive_head},
    shelf::Began,
    stale::{Failure, StalePermission},
    storable::ResponseView,
    validate::{can_validate, make_conditional},
    when::Times,
};

use super::{admit, answer, answer::Told, asked::Asked, dispatch, failed, note, object, serve};
use crate::{hop::Hop, world::Backend};

/// Asks the origin and does what its answer says.
pub(super) async fn forward(
    hop: &Hop,
    backend: &Backend,
    mut request: Request,
    asked: Asked,
    reason: MissReason,
    candidates: Vec<Arc<Entry>>,
) -> Result<Response> {
    if candidates.iter().any(|entry| can_validate(entry)) {
        make_conditional(request.headers_mut(), &candidates);
    }
    let began = hop.pop.shelf.begin();
    let call = Call { hop, asked: &asked, began: &began, reason };
    let response = match dispatch::dispatch(hop, backend, request).await {
        Ok(response) => response,
        Err(error) => {
            let over = asked.over;
            let exchange = call.exchange(&candidates, &over);
            return match instead(&exchange, Failure::Disconnected) {
                Some(stale) => Ok(call.stale(stale, None)),
                None => failed(hop, Verdict::Miss(reason), forbidden(&candidates, error)),
            };
        }
    };
    match call.receive(response, &candidates) {
        Done::Answered(response) => Ok(response),
        Done::Unselected => {
            let response = dispatch::dispatch(hop, backend, asked.request(Body::empty())).await;
            let response = response.or_else(|error| failed(hop, Verdict::Miss(reason), error))?;
            Ok(call.store_or_pass(response))
        }
    }
}

/// Where the stored response itself forbids being served stale, that is the reason (RFC 9111 section
/// 5.2.2.2).
fn forbidden(candidates: &[Arc<Entry>], error: Error) -> Error {
    let rules = candidates.first().map(|entry| entry.head.freshness().stale);
    match rules {
        Some(rules) if rules.forbidden || rules.implicit_forbidden => {
            Error::new(Refusal::ValidationFailed, error.chain())
        }
        _ => error,
    }
}

/// A request that the origin was asked, and on whose behalf.
#[derive(Clone, Copy)]
struct Call<'a> {
    hop: &'a Hop,
    asked: &'a Asked,
    began: &'a Began,
    reason: MissReason,
}

enum Done {
    Answered(Response),
    Unselected,
}

impl<'a> Call<'a> {
    fn exchange<'b>(&self, candidates: &'b [Arc<Entry>], over: &'b Override) -> Exchange<'b>
    where
        'a: 'b,
    {
        Exchange {
            request: self.asked.view(),
            candidates,
            policy: &self.hop.service.policy,
            over,
            times: Times {
                requested_at_ms: self.asked.sent_ms,
                received_at_ms: self.hop.world().clock.now_ms(),
            },
        }
    }

    fn receive(&self, mut response: Response, candidates: &[Arc<Entry>]) -> Done {
        let over =
            self.hop.service.judge(&self.asked.facts(self.hop), &mut response, self.asked.over);
        let status = response.status();
        let view = ResponseView { status, headers: response.headers() };
        let received = receive(&self.exchange(candidates, &over), &view);
        match received {
            Received::Renewed(renewed) => match self.renewed(renewed) {
                Some(response) => Done::Answered(response),
                None => Done::Unselected,
            },
            Received::Unselected => Done::Unselected,
            Received::ServeStale(entry, permission) => {
                Done::Answered(self.stale((entry, permission), Some(status)))
            }
            Received::Store(_) | Received::StorePart(..) | Received::Forward(_) => {
                self.update_by_head(&response, &over);
                self.outdate(status, &received, candidates);
                Done::Answered(self.finish(response, received))
            }
        }
    }

    /// The same without anything stored to compare with.
    fn store_or_pass(&self, mut response: Response) -> Response {
        let over =
            self.hop.service.judge(&self.asked.facts(self.hop), &mut response, self.asked.over);
        let view = ResponseView { status: response.status(), headers: response.headers() };
        let received = receive(&self.exchange(&[], &over), &view);
        self.finish(response, received)
    }

    fn finish(&self, response: Response, received: Received) -> Response {
        if let Received::Store(head) | Received::StorePart(head, _) = &received {
            self.hop.note_object(|| object(self.hop, self.asked, head));
        }
        let cookie = match &received {
            Received::Store(head) => head.headers.contains_key(header::SET_COOKIE),
            _ => false,
        };
        let (mut response, stored) =
            admit::admit(self.hop, self.asked, self.began, response, received);
        let mut told = Told::of(Verdict::Miss(self.reason));
        match stored {
            Ok(ttl_ms) => told = Told { stored: Some(ttl_ms), cookie, ..told },
            Err(reason) => told.not_stored = Some(reason),
        }
        note(self.hop, told);
        answer::say(self.hop, Some(self.asked), &mut response, told);
        response
    }

    /// The first of the renewed entries answers; all that may be kept are.
    fn renewed(&self, renewed: Vec<Renewed>) -> Option<Response> {
        let shelf = &self.hop.pop.shelf;
        let mut first = None;
        for renewed in renewed {
            let settled = shelf.renew(&self.asked.key, renewed, self.began);
            first.get_or_insert(settled);
        }
        let (entry, keep) = first?;
        let told = Told {
            fwd_status: Some(StatusCode::NOT_MODIFIED),
            not_stored: keep.err(),
            ..Told::of(Verdict::Miss(self.reason))
        };
        Some(serve(self.hop, self.asked, &entry, told))
    }

    fn stale(
        &self,
        (entry, permission): (Arc<Entry>, StalePermission),
        fwd_status: Option<StatusCode>,
    ) -> Response {
        let told = Told { fwd_status, ..Told::of(Verdict::Stale(permission)) };
        serve(self.hop, self.asked, &entry, told)
    }

    /// A whole new answer takes the place of what was asked about, also where it may not be stored
    /// itself (RFC 9111 section 4.3.3).
    fn outdate(&self, status: StatusCode, received: &Received, candidates: &[Arc<Entry>]) {
        let partial = matches!(
            status,
            StatusCode::PARTIAL_CONTENT
                | StatusCode::NOT_MODIFIED
                | StatusCode::PRECONDITION_FAILED
                | StatusCode::RANGE_NOT_SATISFIABLE
        );
        let whole = !partial && !status.is_server_error() && self.asked.method == Method::GET;
        let Received::Forward(reason) = received else { return };
        if !whole || reason.is_of_request() {
            return;
        }
        let ours = candidates.iter();
        for entry in ours.filter(|entry| entry.head.variant.matches(&self.asked.headers)) {
            self.hop.pop.shelf.outdate(&self.asked.key, entry);
        }
    }

    /// What HEAD says of the stored answers to GET (RFC 9111 section 4.3.5).
    fn update_by_head(&self, response: &Response, over: &Override) {
        if self.asked.method != Method::HEAD {
            return;
        }
        let shelf = &self.hop.pop.shelf;
        let stored = shelf.find(&self.asked.key, &self.asked.headers);
        let view = ResponseView { status: response.status(), headers: response.headers() };
        for entry in receive_head(&self.exchange(&stored, over), &view, &stored) {
            shelf.put(self.asked.key.clone(), entry, self.began);
        }
    }
}
