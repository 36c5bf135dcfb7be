//! Where a request comes to in the end: from service to service by their rules, to an origin, an answer, or a loop.

use std::convert::Infallible;

use http::{HeaderValue, header};
use selvedge::{Body, Refusal, Request};
use selvedge_model::{
    chain::Domains,
    limits::{CHAIN_SERVICES_MAX, HOPS_MAX},
    manifest::{Backend, Manifest, Service, ServiceKind, Target},
    name::PopName,
};

use super::{
    Ask,
    goal::{Goal, goal, whole},
    sent::ended,
    stop::{self, Guard, Stop},
};
use crate::world::{Facts, Rules, Tally};

/// The hops of a request and what is behind them; `None` where it leaves the first service for good.
pub(super) fn walk<'m>(
    manifest: &'m Manifest,
    (first, pop): (&'m Service, Option<&'m PopName>),
    ask: &'m Ask,
) -> Option<String> {
    let mut walk = Walk { manifest, stops: Vec::new(), ask, pop };
    let end = walk.from(first, copy(&ask.request));
    let text = match end {
        End::Origin(_) if walk.stops.len() == 1 => return None,
        End::Origin(text) | End::Here(text) => text,
    };
    let lines = stop::lines(&walk.stops, ask.hops_before());
    Some(format!("\nthe chain\n{lines}  -> {text}\n"))
}

struct Walk<'m> {
    manifest: &'m Manifest,
    stops: Vec<Stop<'m>>,
    ask: &'m Ask,
    /// Where it is now, as far as that is known.
    pop: Option<&'m PopName>,
}

/// What is behind the last service.
enum End {
    /// A server that is none of ours.
    Origin(String),
    /// Nothing: the request ends in the process.
    Here(String),
}

impl End {
    fn here(text: impl Into<String>) -> Self {
        Self::Here(text.into())
    }
}

impl<'m> Walk<'m> {
    fn from(&mut self, first: &'m Service, request: Request) -> End {
        match self.on(first, request) {
            Err(end) => end,
            Ok(never) => match never {},
        }
    }

    /// Goes on until there is an end.
    fn on(&mut self, first: &'m Service, mut request: Request) -> Result<Infallible, End> {
        let (mut service, mut guard) = (first, Guard::of_client(first));
        loop {
            self.stop(service, guard)?;
            let backend = self.backend(service, &mut request)?;
            self.shield(service, backend)?;
            self.sign(service, backend)?;
            service = self.send(backend, &mut request)?;
            guard = Guard::of_backend(service, backend);
        }
    }

    /// One more hop, unless it is one too many or nobody is let in there.
    fn stop(&mut self, service: &'m Service, guard: Guard) -> Result<(), End> {
        self.stops.push(Stop { service: &service.name, pop: self.pop, guard });
        if self.is_too_long() {
            let number = self.ask.hops_before() + self.stops.len();
            self.stops.last_mut().into_iter().for_each(|stop| stop.guard = Guard::TooMany);
            return Err(End::Here(format!("503 `Loop detected`, at hop {number}")));
        }
        match guard {
            Guard::Refuses(refusal) => Err(End::Here(format!("403 `{}`", refusal.reason()))),
            _ => Ok(()),
        }
    }

    /// The hop at the shield of a backend, from anywhere else.
    fn shield(&mut self, service: &'m Service, backend: &'m Backend) -> Result<(), End> {
        let shield = backend.shield.as_ref().filter(|shield| Some(*shield) != self.pop);
        let Some(shield) = shield else { return Ok(()) };
        let guard = if self.pop.is_some() { Guard::Shield } else { Guard::PerhapsShield };
        self.pop = Some(shield);
        self.stop(service, guard)
    }

    /// The token of a send, which nobody makes without a secret.
    fn sign(&self, service: &Service, backend: &Backend) -> Result<(), End> {
        let auth = backend.chain_auth.as_ref();
        match auth.and_then(|auth| self.manifest.cannot_sign(service, auth)) {
            Some(why) => {
                let reason = Refusal::ChainSecretMissing.reason();
                Err(End::Here(format!("500 `{reason}`: {why}")))
            }
            None => Ok(()),
        }
    }

    fn is_too_long(&self) -> bool {
        let mut different: Vec<_> = self.stops.iter().map(|stop| stop.service).collect();
        different.sort_unstable();
        different.dedup();
        let hops = self.ask.hops_before() + self.stops.len();
        hops > HOPS_MAX || different.len() > CHAIN_SERVICES_MAX
    }

    /// What a service sends to, and the request as its rules make it.
    fn backend(&self, service: &'m Service, request: &mut Request) -> Result<&'m Backend, End> {
        let ServiceKind::Delivery { rules: said, backend } = &service.kind else {
            return Err(End::here("what its handler says"));
        };
        let rules = Rules::of(said, &Tally::default());
        let host = host(request);
        let matched = rules.match_request(&Facts {
            method: request.method(),
            host: &host,
            uri: request.uri(),
            headers: request.headers(),
            client: self.ask.client,
        });
        if let Some((end, _)) = rules.end(&matched) {
            return Err(End::here(ended(end)));
        }
        if let Err(error) = rules.rewrite(&matched, request) {
            return Err(End::here(error.refusal().reason()));
        }
        let name = rules.backend(&matched).unwrap_or(backend.as_str());
        member(service, name).ok_or_else(|| End::here(format!("no backend `{name}`")))
    }

    /// The service that a backend leads to.
    fn send(&self, backend: &'m Backend, request: &mut Request) -> Result<&'m Service, End> {
        if let Some(host) = backend.override_host.as_deref() {
            let value = HeaderValue::from_str(host).ok();
            value.into_iter().for_each(|it| drop(request.headers_mut().insert(header::HOST, it)));
        }
        let domains = Domains::of(self.manifest);
        let next = match goal(&domains, backend, &host(request)) {
            Goal::Service(name) | Goal::ThisNode(Some(name)) => {
                self.manifest.services.get(name.as_str())
            }
            Goal::Nobody | Goal::ThisNode(None) => return Err(End::here("421 `unknown domain`")),
            Goal::Network(_) => None,
        };
        match (next, &backend.target) {
            (Some(next), _) => Ok(next),
            (None, Target::Url(url)) => Err(End::Origin(signed(whole(url), backend))),
            (None, Target::Service(name)) => Err(End::here(format!("no service `{name}`"))),
        }
    }
}

/// An origin, with the token that it is sent.
fn signed(origin: String, backend: &Backend) -> String {
    match &backend.chain_auth {
        Some(auth) => format!("{origin}, with a chain token ({})", auth.mode.as_str()),
        None => origin,
    }
}

/// The backend of this name; of a director's, the first.
fn member<'m>(service: &'m Service, name: &str) -> Option<&'m Backend> {
    let director = service.directors.get(name).and_then(|director| director.members.first());
    let name = director.map_or(name, |member| member.backend.as_str());
    service.backends.get(name)
}

fn host(request: &Request) -> String {
    let field = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    field.unwrap_or_default().to_owned()
}

fn copy(request: &Request) -> Request {
    let mut copy = Request::new(Body::empty());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}
