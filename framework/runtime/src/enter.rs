//! A service starts to process a request: hop guard, chain guard, handle, deliver, tell.
//!
//! Every request comes through here once per service, from a connection or from the service
//! before it in a chain.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::response::IntoResponse;
use futures_util::FutureExt;
use http::{Method, StatusCode, uri::PathAndQuery};
use selvedge::{
    Ctx, Error, Host, Refusal, Request, Response, Result, chain::InboundToken, host::BoxFuture,
};

use crate::{
    after::Farewell,
    chain, debug,
    delivery::{self, Left},
    edge::Edge,
    headers::{self, Served, Vouched},
    hop::{Along, Hop},
    hops::Hops,
    page,
    trace::HopEvent,
    world::{Handler, Pop, Service},
};

/// A request on its way into a service.
pub struct Entering {
    /// The edge it runs on.
    pub edge: Edge,
    /// The POP.
    pub pop: Arc<Pop>,
    /// The service.
    pub service: Arc<Service>,
    /// The hops before this one.
    pub hops: Hops,
    /// The host that the service is asked for.
    pub host: Arc<str>,
    /// What rides along with the request.
    pub along: Along,
    /// What its headers have yet to say of the client.
    pub unsaid: Option<Vouched>,
}

/// What the event tells of the request, kept because the handler takes the request itself.
struct Asked {
    method: Method,
    target: Option<PathAndQuery>,
}

/// Lets a service process a request.
pub async fn enter(mut entering: Entering, request: Request) -> Response {
    let asked =
        Asked { method: request.method().clone(), target: request.uri().path_and_query().cloned() };
    let unsaid = entering.unsaid.take();
    let hop = hop(entering);
    let farewell = farewell(&hop);
    let response = match hop.hops.check(&hop.world().manifest) {
        Ok(()) => process(&hop, request, unsaid).await.unwrap_or_else(IntoResponse::into_response),
        Err(error) => error.into_response(),
    };
    let response = deliver(&hop, &asked, response);
    match farewell {
        Some(farewell) => farewell.with(response),
        None => response,
    }
}

/// The same for the next service of a chain, whose future would contain itself otherwise.
pub fn enter_next(entering: Entering, request: Request) -> BoxFuture<'static, Response> {
    Box::pin(enter(entering, request))
}

/// Only code leaves work for after the response.
fn farewell(hop: &Arc<Hop>) -> Option<Farewell> {
    matches!(hop.service.handler, Handler::Compute(_)).then(|| Farewell::of(hop))
}

/// One that is too many, too: a refused hop is told like any other.
fn hop(entering: Entering) -> Arc<Hop> {
    let Entering { edge, pop, service, hops, host, along, .. } = entering;
    let hops = hops.enter(&service.settings.name, &pop.name);
    Hop::new(edge, pop, service, hops, along, host).into_shared()
}

async fn process(
    hop: &Arc<Hop>,
    mut request: Request,
    unsaid: Option<Vouched>,
) -> Result<Response> {
    let token = InboundToken::take_from(&mut request, &hop.host);
    // No handler is reached without a token, where the service requires one.
    let token = match &hop.service.required {
        Some(required) => chain::admit(hop, required, token)?,
        None => token,
    };
    match AssertUnwindSafe(handle(hop, request, token, unsaid)).catch_unwind().await {
        Ok(answer) => answer,
        Err(panic) => Err(Error::new(Refusal::HandlerPanicked, panic_text(&*panic))),
    }
}

async fn handle(
    hop: &Arc<Hop>,
    mut request: Request,
    token: InboundToken,
    mut unsaid: Option<Vouched>,
) -> Result<Response> {
    // Whoever looks at them sees what we vouch for; otherwise it is said where the request goes on.
    if let Some(vouched) = unsaid.take_if(|_| hop.service.looks_at_clients) {
        vouched.say(request.headers_mut());
    }
    match &hop.service.handler {
        Handler::Compute(service) => {
            request.extensions_mut().insert(token);
            let host: Arc<dyn Host> = Arc::clone(hop) as Arc<dyn Host>;
            Ctx::new(host, Arc::clone(service.needs())).attach(&mut request);
            // A hit of a delivery service should not carry the room for what a handler needs.
            let mut response = Box::pin(service.call(request)).await;
            headers::strip_hop_by_hop(response.headers_mut());
            Ok(response)
        }
        Handler::Delivery(rules, backend) => {
            delivery::answer(hop, (rules, backend), request, unsaid).await
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the panic carried no text".to_owned())
}

/// The error page, what rules make of the answer, the hop's own header items, and the event.
fn deliver(hop: &Hop, asked: &Asked, response: Response) -> Response {
    let finish = |response| page::finish(response, hop.along.id, hop.world().dev);
    let (response, error) = finish(response);
    let Left { response, met } =
        delivery::leave(hop, (&asked.method, asked.target.as_ref()), response);
    let (mut response, denied) = finish(response);
    let error = denied.or(error);
    let outcome = hop.outcome();
    let served = Served {
        node: &hop.pop.served_by,
        verdict: outcome.verdict,
        hits: outcome.hits,
        started_ms: hop.started_ms,
        took_ms: hop.now_ms().saturating_sub(hop.started_ms),
    };
    headers::add_served(response.headers_mut(), &served);
    delivery::last_word(hop, met.as_ref(), response.headers_mut());
    if hop.along.debug {
        debug::add(response.headers_mut(), hop);
    }
    if hop.world().tell.wants(error.is_some()) {
        hop.world().tell.hop(&event(hop, asked, response.status(), error.as_deref()));
    }
    response
}

fn event(hop: &Hop, asked: &Asked, status: StatusCode, error: Option<&Error>) -> HopEvent {
    let outcome = hop.outcome();
    HopEvent {
        request_id: hop.along.id.to_string(),
        service: hop.service.name().to_owned(),
        pop: hop.pop.name.as_str().to_owned(),
        hop: hop.hops.count(),
        method: asked.method.to_string(),
        target: asked.target.as_ref().map_or_else(String::new, ToString::to_string),
        status: status.as_u16(),
        verdict: outcome.verdict,
        not_stored: outcome.not_stored,
        collapsed: outcome.collapsed,
        refused: error.map(|error| (error.refusal(), error.chain())),
        took_ms: hop.now_ms().saturating_sub(hop.started_ms),
    }
}
