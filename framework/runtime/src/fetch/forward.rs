//! The origin is asked: for the thing itself, or whether what is stored is still current.

use std::sync::Arc;

use http::{Method, StatusCode, header};
use selvedge::{Body, Error, Host, Refusal, Request, Response, Result};
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

use super::{
    admit, answer, answer::Told, asked::Asked, dispatch, failed, hooks, note, object, serve,
};
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
    let call = Call { hop, backend, asked: &asked, began: &began, reason };
    match call.ask(request, &candidates).await {
        Ok(Done::Answered(response)) => Ok(response),
        Ok(Done::Unselected) => {
            let again = call.ask_again().await;
            again.or_else(|error| failed(hop, Verdict::Miss(reason), error))
        }
        Err(error) => call.failed(&candidates, error),
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
    backend: &'a Backend,
    asked: &'a Asked,
    began: &'a Began,
    reason: MissReason,
}

fn view(response: &Response) -> ResponseView<'_> {
    ResponseView { status: response.status(), headers: response.headers() }
}

enum Done {
    Answered(Response),
    Unselected,
}

impl<'a> Call<'a> {
    /// Sends the request as the handler's hook leaves it.
    async fn send(&self, mut request: Request) -> Result<Response> {
        let hooks = &self.asked.plan.hooks;
        hooks::ask_for_the_whole(hooks, request.headers_mut());
        hooks::before(hooks, &mut request)?;
        dispatch::dispatch(self.hop, self.backend, request).await
    }

    async fn ask(&self, request: Request, candidates: &[Arc<Entry>]) -> Result<Done> {
        let response = self.send(request).await?;
        self.receive(response, candidates)
    }

    /// Asks without conditions of ours: the answer to them was about nothing that is stored.
    async fn ask_again(&self) -> Result<Response> {
        let response = self.send(self.asked.request(Body::empty())).await?;
        self.store_or_pass(response)
    }

    /// The origin could not be asked, or the handler refuses what it said.
    fn failed(&self, candidates: &[Arc<Entry>], error: Error) -> Result<Response> {
        let exchange = self.exchange(candidates, &self.asked.plan.over);
        match instead(&exchange, Failure::Disconnected) {
            Some(stale) => {
                self.hop.log(&format!("served stale, masking: {}", error.chain()));
                Ok(self.stale(stale, None))
            }
            None => failed(self.hop, Verdict::Miss(self.reason), forbidden(candidates, error)),
        }
    }

    /// What becomes of a response, after the handler's hook has had its say.
    fn judge(
        &self,
        mut response: Response,
        candidates: &[Arc<Entry>],
    ) -> Result<(Response, Override, Received)> {
        let plan = &self.asked.plan;
        plan.tag(&mut response);
        hooks::mean_the_stored(&plan.hooks, candidates, &mut response);
        let facts = self.asked.facts(self.hop);
        let over = self.hop.service.judge(&facts, &mut response, plan.over);
        let exchange = self.exchange(candidates, &over);
        let received = receive(&exchange, &view(&response));
        if !plan.hooks.judges_candidates() {
            return Ok((response, over, received));
        }
        let suggested = hooks::Suggested::of(&received, &exchange, response.headers());
        let Some(suggested) = suggested else { return Ok((response, over, received)) };
        let hooks::After { response, said } = hooks::after(&plan.hooks, response, suggested)?;
        let over = said.or(over);
        let received = receive(&self.exchange(candidates, &over), &view(&response));
        Ok((response, over, received))
    }

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

    fn receive(&self, response: Response, candidates: &[Arc<Entry>]) -> Result<Done> {
        let (response, over, received) = self.judge(response, candidates)?;
        let status = response.status();
        Ok(match received {
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
        })
    }

    /// The same without anything stored to compare with.
    fn store_or_pass(&self, response: Response) -> Result<Response> {
        let (response, _, received) = self.judge(response, &[])?;
        Ok(self.finish(response, received))
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
        for entry in receive_head(&self.exchange(&stored, over), &view(response), &stored) {
            shelf.put(self.asked.key.clone(), entry, self.began);
        }
    }
}
