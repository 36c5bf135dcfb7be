//! The edge that a request arrives at: the world, and the way out of it. One per core.
//!
//! `receive` is the life of a request up to its first service: accept, route, vouch.

use std::{net::IpAddr, sync::Arc};

use axum::response::IntoResponse;
use http::{HeaderValue, Method, Version, header};
use selvedge::{Error, Refusal, Request, Response, Result};

use crate::{
    caller::Caller,
    debug,
    enter::{Entering, enter},
    headers::{self, Heard, Vouched},
    hop::Along,
    hops::Hops,
    ids::RequestId,
    interim::Interim,
    page,
    reply::Reply,
    soon::Soon,
    upstream::Upstream,
    world::{Pop, Service, World},
};

mod named;

use self::named::{check_coding, check_target, named_host, no_host};
pub(crate) use self::named::{check_host, plain};

/// The world as one core sees it.
#[derive(Clone)]
pub struct Edge {
    /// What exists.
    pub world: Arc<World>,
    /// How requests leave for the network.
    pub upstream: Arc<dyn Upstream>,
}

/// What is known of a request's client: made once for a connection.
#[derive(Clone, Debug)]
pub struct Arrival {
    client: Option<IpAddr>,
    vouched: Vouched,
}

impl Arrival {
    /// A connection from this address, over `http` or `https`.
    #[must_use]
    pub fn from(client: Option<IpAddr>, scheme: &'static str) -> Self {
        Self { client, vouched: Vouched::of(client, scheme) }
    }
}

/// Whom a request is for.
struct Routed {
    /// The host that it names.
    host: Arc<str>,
    /// The service that owns it.
    service: Arc<Service>,
    /// Whether it says anything else to the edge.
    says_more: bool,
}

impl Edge {
    /// Answers a request from outside, in the POP where requests enter; in dev a request may name another.
    pub async fn receive(&self, request: Request, arrival: Arrival) -> Response {
        self.answer(request, arrival).await
    }

    /// The same, at once where that can be done.
    #[must_use]
    pub fn answer(&self, mut request: Request, arrival: Arrival) -> Soon<Response> {
        self.clone().reply(&mut request, &arrival, Interim::default()).then(Reply::into_response)
    }

    /// The same for whoever may do without the headers of a hit, and may hear interim responses. What is not answered from
    /// the shelf is taken.
    #[must_use]
    pub fn reply(self, request: &mut Request, arrival: &Arrival, interim: Interim) -> Soon<Reply> {
        match self.entry(request) {
            Ok(pop) => self.reply_at(pop, request, arrival, interim),
            Err(error) => Soon::Now(Reply::Made(self.refuse(error, self.world.ids.next()))),
        }
    }

    /// Where a request enters. In production no client chooses that.
    fn entry(&self, request: &Request) -> Result<Arc<Pop>> {
        let asked = self.world.dev.then(|| request.headers().get(headers::POP)).flatten();
        let asked = asked.map(|name| String::from_utf8_lossy(name.as_bytes()));
        let named = |name| self.world.pop(name);
        let pop = asked.as_deref().map_or_else(|| self.world.entry_pop(), named);
        let names = || self.world.pops.iter().map(|pop| pop.name.as_str()).collect::<Vec<_>>();
        pop.cloned().ok_or_else(|| {
            let detail =
                format!("`{}`; the POPs are {}", asked.unwrap_or_default(), names().join(", "));
            Error::new(Refusal::UnknownPop, detail)
        })
    }

    /// Answers a request from outside, in this POP.
    pub async fn receive_at(
        &self,
        pop: Arc<Pop>,
        mut request: Request,
        arrival: Arrival,
    ) -> Response {
        let reply = self.clone().reply_at(pop, &mut request, &arrival, Interim::default());
        reply.then(Reply::into_response).await
    }

    fn reply_at(
        self,
        pop: Arc<Pop>,
        request: &mut Request,
        arrival: &Arrival,
        interim: Interim,
    ) -> Soon<Reply> {
        let id = self.world.ids.next();
        if let Some(response) = last_recipient(request) {
            return Soon::Now(Reply::Made(page::finish(response, id, self.world.dev).0));
        }
        let Routed { host, service, says_more } = match self.route(request) {
            Ok(routed) => routed,
            Err(error) => return Soon::Now(Reply::Made(self.refuse(error, id))),
        };
        if request.version() == Version::HTTP_2 {
            headers::join_crumbs(request.headers_mut());
        }
        let (caller, hops) = self.hear(request, says_more);
        let debug = debug::is_wanted(request.headers(), caller);
        let along = Along { id, client: arrival.client, caller, debug, interim };
        let unsaid = Some(arrival.vouched.clone());
        let entering = Entering { edge: self, pop, service, hops, host, along, unsaid };
        headers::guard_trailers(request);
        let reply = enter(entering, request);
        if debug { reply } else { reply.then(Reply::for_clients) }
    }

    /// What a client says to the edge itself: whether it is the operator, and how often the request has been here.
    /// Takes out what ends here, before we add what must not.
    fn hear(&self, request: &mut Request, says_more: bool) -> (Caller, Hops) {
        if !says_more {
            return (Caller::of(request.method()), Hops::default());
        }
        headers::strip_at_edge(request.headers_mut());
        let caller = Caller::take_from(request, self.world.admin_token.as_ref());
        (caller, Hops::from_stranger(request.headers(), self.world.ids.node(), &self.world.abroad))
    }

    /// Whom a request is for. From then on the `Host` field says so too (RFC 9112 section 3.2).
    fn route(&self, request: &mut Request) -> Result<Routed> {
        if request.method() == Method::CONNECT {
            return Err(Error::new(Refusal::TunnelRefused, request.uri().to_string()));
        }
        check_target(request)?;
        let Heard { host, more: says_more } = Heard::of(request.headers());
        if says_more {
            check_coding(request)?;
        }
        let named = named_host(request.uri(), host)?;
        let (host, service) = self.owner(named)?;
        // Nearly always the one `Host` field that there was says so already.
        if request.uri().authority().is_some() || *named != *host {
            let value = host.parse().map_err(|error| no_host(&host).because(error))?;
            request.headers_mut().insert(header::HOST, value);
        }
        Ok(Routed { host, service, says_more })
    }

    /// Whose domain a host is; what is none as it stands is looked at more closely.
    fn owner(&self, host: &str) -> Result<(Arc<str>, Arc<Service>)> {
        if let Some((domain, service)) = self.world.domain(host) {
            return Ok((Arc::clone(domain), Arc::clone(service)));
        }
        check_host(host)?;
        let service = self.world.service_for_host(host).ok_or_else(|| self.unknown(host))?;
        Ok((plain(host), Arc::clone(service)))
    }

    /// Names the host and, for the operator, the domains that there are.
    #[must_use]
    pub fn unknown(&self, host: &str) -> Error {
        let services = self.world.services.values();
        let domains = services.flat_map(|service| &service.settings.domains);
        let names: Vec<&str> = domains.map(|domain| domain.as_str()).collect();
        let detail = format!("`{host}`; the domains here are {}", names.join(", "));
        Error::new(Refusal::UnknownDomain, detail)
    }

    /// The answer to a request whose head is larger than the edge takes.
    #[must_use]
    pub fn refuse_head(&self, bytes: usize) -> Response {
        let error = Error::new(Refusal::HeadTooLarge, format!("its fields take {bytes} bytes"));
        self.refuse(error, self.world.ids.next())
    }

    fn refuse(&self, error: Error, id: RequestId) -> Response {
        page::finish(error.into_response(), id, self.world.dev).0
    }
}

/// `Max-Forwards` of OPTIONS and TRACE: at zero we are the last recipient, otherwise there is one
/// step less to go (RFC 9110 section 7.6.2).
fn last_recipient(request: &mut Request) -> Option<Response> {
    if !matches!(*request.method(), Method::OPTIONS | Method::TRACE) {
        return None;
    }
    let said = request.headers().get(header::MAX_FORWARDS)?.to_str().ok()?.trim();
    let steps: u32 = said.parse().ok()?;
    if let Some(left) = steps.checked_sub(1) {
        request.headers_mut().insert(header::MAX_FORWARDS, left.into());
        return None;
    }
    let mut response = match *request.method() == Method::TRACE {
        true => Error::new(Refusal::TraceRefused, "`Max-Forwards` is 0").into_response(),
        false => Response::default(),
    };
    let allow = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    response.headers_mut().insert(header::ALLOW, allow);
    Some(response)
}
