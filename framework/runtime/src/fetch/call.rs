//! A question to the origin, with all that it needs to go on when the client who asked has gone.

use std::{future::poll_fn, panic::resume_unwind, sync::Arc, task::Poll};

use http::Method;
use selvedge::{Error, Refusal, Request, Response, Result, host::BoxFuture};
use selvedge_cache::{
    decision::Verdict,
    entry::Entry,
    policy::Profile,
    rest::Rest,
    shelf::Began,
    validate::{can_validate, is_conditional, make_conditional},
};
use tokio::{
    sync::oneshot,
    task::{JoinError, JoinHandle},
};

use super::{
    admit::Pump,
    answer::Told,
    asked::Asked,
    dispatch,
    plan::CachePlan,
    shielded::{self, FromShield},
};
use crate::{
    flight::{Ended, FlightId, Lead},
    hop::Hop,
};

/// A question to the origin: for the thing itself, or whether what is stored is still current.
pub(super) struct Call {
    pub(super) hop: Arc<Hop>,
    /// The backend or director.
    pub(super) to: String,
    /// What the origin is asked, but for conditions of our own.
    pub(super) asked: Asked,
    /// What the client asked, where that is less than the whole that the origin is asked for.
    pub(super) client: Option<Box<Asked>>,
    pub(super) verdict: Verdict,
    /// What is stored and may still be current, the best first.
    pub(super) candidates: Vec<Entry>,
    /// What is missing of a stored part, where only that is asked for.
    pub(super) rest: Option<Rest>,
    /// Whether it waited for another's answer before, in vain.
    pub(super) collapsed: Option<bool>,
    /// Those who wait for the same, until they are told.
    pub(super) lead: Option<Lead>,
    /// When it began: what is purged from now on takes what comes of it, too.
    pub(super) began: Began,
    /// The same by the clock.
    pub(super) sent_ms: u64,
}

/// What came back, and what goes on after it.
pub(super) type Answered = (Result<Response>, Option<Pump>);

/// An answer, and the rest of its body's way to the shelf, where it has not come all at once.
type Begun = (Result<Response>, Option<BoxFuture<'static, ()>>);

impl Call {
    pub(super) fn new(
        hop: &Arc<Hop>,
        to: &str,
        asked: Asked,
        verdict: Verdict,
        candidates: Vec<Entry>,
        began: Began,
    ) -> Self {
        let sent_ms = hop.world().clock.now_ms();
        let fetches_whole = hop.service.policy.profile == Profile::Fastly;
        let (asked, client) = match fetches_whole && asked.is_less_than_whole() {
            true => (asked.whole(), Some(Box::new(asked))),
            false => (asked, None),
        };
        Self {
            began,
            hop: Arc::clone(hop),
            to: to.to_owned(),
            asked,
            client,
            verdict,
            candidates,
            rest: None,
            collapsed: None,
            lead: None,
            sent_ms,
        }
    }

    /// On behalf of all who want the same.
    pub(super) fn led(self, lead: Lead) -> Self {
        Self { lead: Some(lead), ..self }
    }

    /// After a wait in vain.
    pub(super) fn after_waiting(self, waited: bool) -> Self {
        Self { collapsed: waited.then_some(false), ..self }
    }

    /// Asks, and lets what goes on after the answer go on by itself. Who asks for others is not stopped when its own
    /// client goes.
    pub(super) async fn answer(self) -> Result<Response> {
        if self.lead.is_none() {
            return alone(self.ask().await).await;
        }
        let (answer, answered) = oneshot::channel();
        let task = tokio::spawn(async move {
            let (response, rest) = self.begin().await;
            // The client may have gone.
            let _ = answer.send(response);
            if let Some(rest) = rest {
                rest.await;
            }
        });
        match answered.await {
            Ok(response) => response,
            Err(_) => Err(given_up(task).await),
        }
    }

    /// Asks in the background, where nobody waits for the answer but those who join.
    pub(super) async fn refresh(self) {
        let (response, rest) = self.begin().await;
        drop(response);
        if let Some(rest) = rest {
            rest.await;
        }
    }

    async fn begin(self) -> Begun {
        begun(self.ask().await).await
    }

    async fn ask(self) -> Answered {
        match self.exchange_with(self.request()).await {
            Ok(judged) => self.receive(judged).await,
            Err(error) => (self.failed(error), None),
        }
    }

    fn request(&self) -> Request {
        let mut request = self.asked.request();
        if self.candidates.iter().any(can_validate) {
            make_conditional(request.headers_mut(), &self.candidates);
        }
        self.rest.iter().for_each(|rest| rest.ask(request.headers_mut()));
        request
    }

    pub(super) async fn send(&self, request: Request) -> Result<Response> {
        let to = self.hop.service.destination(&self.to)?;
        dispatch::dispatch(&self.hop, to, request, self.flight()).await
    }

    /// Sends the request to the shield of its backend; leaves it where that has none, or is here.
    pub(super) async fn send_to_shield(&self, request: &mut Request) -> Option<Result<FromShield>> {
        let to = match self.hop.service.destination(&self.to) {
            Ok(to) => to,
            Err(error) => return Some(Err(error)),
        };
        let pop = match shielded::shield(&self.hop, to, request) {
            Ok(pop) => pop?,
            Err(error) => return Some(Err(error)),
        };
        let sent = (std::mem::take(request), CachePlan::Use(self.asked.plan.clone()));
        Some(shielded::send(&self.hop, to, pop, sent, self.flight()).await)
    }

    fn flight(&self) -> Option<FlightId> {
        self.lead.as_ref().map(Lead::id)
    }

    /// Tells those who wait what came of it; the first time counts.
    pub(super) fn end(&mut self, ended: Ended) {
        if let Some(lead) = self.lead.take() {
            lead.end(ended);
        }
    }

    /// What the client is answered by.
    pub(super) fn client(&self) -> &Asked {
        self.client.as_deref().unwrap_or(&self.asked)
    }

    pub(super) fn told(&self, verdict: Verdict) -> Told {
        Told { collapsed: self.collapsed, ..Told::of(verdict) }
    }

    /// What is told where nothing that was stored answers.
    pub(super) fn forwarded(&self) -> Told {
        self.told(self.verdict)
    }
}

/// The answer for one who asks for itself; the body goes on to the shelf by itself.
pub(super) async fn alone(answered: Answered) -> Result<Response> {
    let (response, rest) = begun(answered).await;
    rest.into_iter().for_each(|rest| drop(tokio::spawn(rest)));
    response
}

/// Takes in what has come of the body already: of most answers that is all.
async fn begun((response, pump): Answered) -> Begun {
    let Some(pump) = pump else { return (response, None) };
    let mut rest: BoxFuture<'static, ()> = Box::pin(pump.run());
    let done = poll_fn(|cx| Poll::Ready(rest.as_mut().poll(cx).is_ready())).await;
    (response, (!done).then_some(rest))
}

/// Why there is no answer. A panic is that of a handler's hook, and goes on where it would without the task.
async fn given_up(task: JoinHandle<()>) -> Error {
    match task.await.map_err(JoinError::try_into_panic) {
        Err(Ok(panic)) => resume_unwind(panic),
        _ => Error::new(Refusal::ConnectionTerminated, "the fetch was given up"),
    }
}

impl Asked {
    /// Whether an answer to it might not be the whole.
    fn is_less_than_whole(&self) -> bool {
        self.method != Method::GET || is_conditional(&self.headers)
    }
}
