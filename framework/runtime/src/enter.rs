//! A service starts to process a request: hop guard, chain guard, handle, deliver, tell.
//!
//! Every request comes through here once per service, from a connection or from the service
//! before it in a chain.

mod outgoing;
mod told;

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use axum::response::IntoResponse;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue};
use selvedge::{
    Ctx, Error, Host as _, Refusal, Request, Response, Result, chain::InboundToken, host::BoxFuture,
};

mod at_shield;

pub(crate) use self::at_shield::enter_shield;
use self::told::{Asked, tell, tell_stored};
use crate::{
    after::Farewell,
    chain, debug,
    delivery::{self, Left},
    edge::Edge,
    esi::{self, OwnFragment},
    fetch::Found,
    headers::{self, FLAG, Served, Vouched},
    hop::{Along, Hop},
    hops::{Hops, Way},
    page,
    reply::{AsStored, Reply},
    soon::Soon,
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

/// Lets a service process a request, which it takes where it does not answer it from the shelf. A hit is answered at once.
pub fn enter(entering: Entering, request: &mut Request) -> Soon<Reply> {
    let asked = Asked::of(request);
    let (hop, unsaid) = hop(entering, Way::Entered);
    let farewell = farewell(&hop);
    let answer = match hop.check() {
        Ok(()) => process(&hop, request, unsaid),
        Err(error) => Soon::Now(Err(error)),
    };
    answer.then(move |answer| {
        let answer = answer.unwrap_or_else(|error| Found::Made(error.into_response()));
        let reply = deliver(hop, &asked, answer);
        match farewell {
            Some(farewell) => Reply::Made(farewell.with(reply.into_response())),
            None => reply,
        }
    })
}

/// The same for the next service of a chain, as something to wait for.
pub fn enter_next(entering: Entering, mut request: Request) -> BoxFuture<'static, Response> {
    enter(entering, &mut request).then(Reply::into_response).boxed()
}

/// Only code leaves work for after the response.
fn farewell(hop: &Arc<Hop>) -> Option<Farewell> {
    matches!(hop.service.handler, Handler::Compute(_)).then(|| Farewell::of(hop))
}

/// The hop, and what the request's headers have yet to say. One that is too many, too: a refused hop is told like any other.
fn hop(entering: Entering, way: Way) -> (Arc<Hop>, Option<Vouched>) {
    let Entering { edge, pop, service, hops, host, along, unsaid } = entering;
    (Hop::new(edge, pop, service, (hops, way), along, host), unsaid)
}

fn process(hop: &Arc<Hop>, request: &mut Request, unsaid: Option<Vouched>) -> Soon<Result<Found>> {
    let token = InboundToken::take_from(request, &hop.host);
    // A page has been let in already, and its service asks for the fragment itself.
    let own = request.extensions_mut().remove::<OwnFragment>();
    // No handler is reached without a token, where the service requires one.
    let token = match hop.service.required.as_ref().filter(|_| own.is_none()) {
        Some(required) => match chain::admit(hop, required, token) {
            Ok(token) => token,
            Err(error) => return Soon::Now(Err(error)),
        },
        None => token,
    };
    match catch_unwind(AssertUnwindSafe(|| handle(hop, request, token, unsaid))) {
        Ok(Ok(Soon::Now(answer))) => Soon::Now(answer),
        Ok(Ok(Soon::Later(answer))) => Soon::Later(Box::pin(guarded(answer))),
        Ok(Err(error)) => Soon::Now(Err(error)),
        Err(panic) => Soon::Now(Err(panicked(&*panic))),
    }
}

async fn guarded(answer: impl Future<Output = Result<Found>>) -> Result<Found> {
    let answer = AssertUnwindSafe(answer).catch_unwind().await;
    answer.unwrap_or_else(|panic| Err(panicked(&*panic)))
}

fn handle(
    hop: &Arc<Hop>,
    request: &mut Request,
    token: InboundToken,
    mut unsaid: Option<Vouched>,
) -> Result<Soon<Result<Found>>> {
    // Whoever looks at them sees what we vouch for; otherwise it is said where the request goes on.
    if let Some(vouched) = unsaid.take_if(|_| hop.service.looks_at_clients) {
        vouched.say(request.headers_mut());
    }
    match &hop.service.handler {
        Handler::Compute(service) => {
            request.extensions_mut().insert(token);
            let answer = compute(Arc::clone(hop), service.clone(), mem::take(request));
            Ok(Soon::Later(Box::pin(answer)))
        }
        Handler::Delivery(rules, backend) => {
            delivery::answer(hop, (rules, backend), request, unsaid)
        }
    }
}

/// Calls the code.
async fn compute(hop: Arc<Hop>, service: selvedge::Service, mut request: Request) -> Result<Found> {
    Ctx::new(hop.host(), Arc::clone(service.needs())).attach(&mut request);
    let mut response = service.call(request).await;
    headers::strip_hop_by_hop(response.headers_mut());
    Ok(Found::Made(response.map(|body| outgoing::watched(&hop, body))))
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    Error::new(Refusal::HandlerPanicked, panic_text(panic))
}

/// What a panic says.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the panic carried no text".to_owned())
}

/// An answer that nobody looks at stays as it is stored.
fn deliver(hop: Arc<Hop>, asked: &Asked, answer: Found) -> Reply {
    match answer {
        Found::Stored(stored) if stays(&hop) => as_stored(asked, AsStored::of(hop, stored)),
        Found::Passed(passed) if stays(&hop) => as_stored(asked, AsStored::through(hop, passed)),
        answer => {
            let response = answer.into_response(&hop);
            Reply::Made(deliver_made(&hop, asked, response))
        }
    }
}

fn stays(hop: &Hop) -> bool {
    !hop.along.debug && delivery::lets_be(hop)
}

fn took(hop: &Hop) -> u64 {
    hop.now_ms().saturating_sub(hop.started_ms)
}

fn as_stored(asked: &Asked, reply: AsStored) -> Reply {
    tell_stored(&reply, asked);
    Reply::Stored(reply)
}

/// The error page, what rules make of the answer, a page in the place of its template, the hop's own header items, and the
/// event.
fn deliver_made(hop: &Arc<Hop>, asked: &Asked, response: Response) -> Response {
    let finish = |response| page::finish(response, hop.along.id, hop.world().dev);
    let (response, error) = finish(response);
    let Left { response, met, is_own } =
        delivery::leave(hop, (&asked.method, asked.target.as_ref()), response);
    let (mut response, denied) = finish(response);
    let error = denied.or(error);
    // What we say ourselves is no template.
    if error.is_none() && !is_own {
        response = esi::assemble(hop, &asked.method, response);
    }
    if error.is_some() {
        response.headers_mut().extend(hop.take_behind());
    }
    headers::add_served(response.headers_mut(), &served(hop));
    delivery::last_word(hop, met.as_ref(), response.headers_mut());
    if hop.world().dev {
        show_flag(hop, response.headers_mut());
    }
    if hop.along.debug {
        debug::add(response.headers_mut(), hop);
    }
    tell(hop, asked, response.status(), error.as_deref());
    response
}

fn served(hop: &Hop) -> Served<'_> {
    Served::by(hop, took(hop))
}

/// What lies on the shelf says nothing of the way of this request.
fn show_flag(hop: &Hop, headers: &mut HeaderMap) {
    if hop.outcome().verdict.is_hit() {
        headers.remove(FLAG);
    }
    if let Some(flag) = hop.flag() {
        headers.insert(FLAG, HeaderValue::from_static(flag.as_str()));
    }
}
