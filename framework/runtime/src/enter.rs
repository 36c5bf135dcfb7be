//! A service starts to process a request: hop guard, chain guard, handle, deliver, tell.
//!
//! Every request comes through here once per service, from a connection or from the service
//! before it in a chain.

use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc};

use axum::response::IntoResponse;
use futures_util::FutureExt;
use http::{Method, StatusCode, Uri};
use selvedge::{
    __private::InboundToken, Ctx, Error, Host, Place, Refusal, Request, Response, Result, chain,
    host::BoxFuture, model::name::StoreName,
};

use crate::{
    after::Farewell,
    caller::Caller,
    debug,
    edge::Edge,
    fetch::{self, Use},
    headers::{self, Served},
    hop::Hop,
    hops::Hops,
    page, purge,
    trace::HopEvent,
    world::{Facts, Handler, Pop, Service},
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
    pub host: String,
    /// The request's id.
    pub id: String,
    /// The client's address.
    pub client: Option<IpAddr>,
    /// Whether it was the operator.
    pub caller: Caller,
    /// Whether the client may see, and asked for, what only the operator sees.
    pub debug: bool,
}

/// What the event tells of the request, kept because the handler takes the request itself.
struct Asked {
    method: Method,
    uri: Uri,
    started_ms: u64,
}

/// Lets a service process a request.
pub fn enter(entering: Entering, request: Request) -> BoxFuture<'static, Response> {
    Box::pin(async move {
        let asked = Asked {
            method: request.method().clone(),
            uri: request.uri().clone(),
            started_ms: entering.edge.world.clock.now_ms(),
        };
        let (hop, counted) = hop(entering);
        let farewell = farewell(&hop);
        let response = match counted {
            Ok(()) => process(&hop, request).await.unwrap_or_else(IntoResponse::into_response),
            Err(error) => error.into_response(),
        };
        let response = deliver(&hop, &asked, response);
        match farewell {
            Some(farewell) => farewell.with(response),
            None => response,
        }
    })
}

/// Only code leaves work for after the response.
fn farewell(hop: &Arc<Hop>) -> Option<Farewell> {
    matches!(hop.service.handler, Handler::Compute(_)).then(|| Farewell::of(hop))
}

/// The hop, and whether it is one too many. A refused hop is told like any other.
fn hop(entering: Entering) -> (Arc<Hop>, Result<()>) {
    let Entering { edge, pop, service, hops, host, id, client, caller, debug } = entering;
    let (hops, counted) = match hops.enter(&service.settings.name, &pop.name) {
        Ok(hops) => (hops, Ok(())),
        Err(error) => (hops, Err(error)),
    };
    let pop_name = pop.name.as_str().to_owned();
    let number = hops.count() + usize::from(counted.is_err());
    let place = Place::new(pop_name, service.name().to_owned(), number, id, client);
    let hop = Hop::new(edge, pop, service, hops, place, host).sent_by(caller).debugged(debug);
    (hop.into_shared(), counted)
}

async fn process(hop: &Arc<Hop>, mut request: Request) -> Result<Response> {
    if let Some(secrets) = &hop.service.required_secrets {
        guard(hop, secrets, &request)?;
    }
    let token = InboundToken::take_from(request.headers_mut());
    match AssertUnwindSafe(handle(hop, request, token)).catch_unwind().await {
        Ok(answer) => answer,
        Err(panic) => Err(Error::new(Refusal::HandlerPanicked, panic_text(&*panic))),
    }
}

/// No handler is reached without a token, where the service requires one.
fn guard(hop: &Hop, secrets: &StoreName, request: &Request) -> Result<()> {
    let secret_of = |id: &str| hop.world().secrets.get(secrets, id);
    match chain::admit(request.headers(), hop.now_ms(), secret_of) {
        Ok(_) => Ok(()),
        Err(refusal) => {
            let detail = format!("service `{}` requires a chain token", hop.service.name());
            Err(Error::new(refusal, detail))
        }
    }
}

async fn handle(hop: &Arc<Hop>, mut request: Request, token: InboundToken) -> Result<Response> {
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
        Handler::Delivery(..) if purge::is_purge(request.method()) => {
            purge::port::answer(hop, request)
        }
        Handler::Delivery(rules, backend) => {
            let facts = Facts {
                method: request.method(),
                host: &hop.host,
                uri: request.uri(),
                headers: request.headers(),
                client: hop.place.client,
            };
            let collapse = rules.collapse(&facts);
            let plan = hop.plan_for(rules.pass(&facts), Use { collapse, ..Use::default() });
            fetch::fetch(hop, hop.service.backend(backend)?, request, plan).await
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the panic carried no text".to_owned())
}

/// The error page, the hop's own header items, and the event.
fn deliver(hop: &Hop, asked: &Asked, response: Response) -> Response {
    let (mut response, error) = page::finish(response, &hop.place.request_id, hop.world().dev);
    let outcome = hop.outcome();
    let served = Served {
        node: &hop.pop.served_by,
        verdict: outcome.verdict,
        hits: outcome.hits,
        started_ms: asked.started_ms,
        took_ms: hop.now_ms().saturating_sub(asked.started_ms),
    };
    headers::add_served(response.headers_mut(), &served);
    if hop.debug {
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
        request_id: hop.place.request_id.clone(),
        service: hop.place.service.clone(),
        pop: hop.place.pop.clone(),
        hop: hop.place.hop,
        method: asked.method.to_string(),
        target: asked.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        status: status.as_u16(),
        verdict: outcome.verdict,
        not_stored: outcome.not_stored,
        collapsed: outcome.collapsed,
        refused: error.map(|error| (error.refusal(), error.chain())),
        took_ms: hop.now_ms().saturating_sub(asked.started_ms),
    }
}
