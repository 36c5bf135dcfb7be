//! Where a request comes to in the end: from service to service by their rules, to an origin, an answer, or a loop.

use http::{HeaderValue, header};
use selvedge::{Body, Request};
use selvedge_model::{
    chain::{Domains, Entered},
    limits::{CHAIN_SERVICES_MAX, HOPS_MAX},
    manifest::{Backend, BackendUrl, Manifest, Service, ServiceKind, Target},
    name::ServiceName,
};

use super::{Ask, sent::ended};
use crate::world::{Facts, Rules, Tally};

/// Where a backend leads, for a Host that is sent.
pub(super) enum Goal<'m> {
    /// To the network, where this service's domain is looked up, if it is one of ours.
    Network(Option<&'m ServiceName>),
    /// To the node itself, through the network, and there to the service that answers to the Host, if one does.
    ThisNode(Option<&'m ServiceName>),
    /// Into a service, without a socket.
    Service(&'m ServiceName),
    /// Into the process, where nobody answers to that Host.
    Nobody,
}

/// Where a send to a backend goes.
pub(super) fn goal<'m>(domains: &Domains<'m>, backend: &'m Backend, host: &str) -> Goal<'m> {
    let meant = match domains.entered(backend) {
        Entered::Outside if domains.is_own_address(backend) => {
            return Goal::ThisNode(domains.owner(host));
        }
        Entered::Outside => return Goal::Network(None),
        Entered::Service(name) => name,
        Entered::CallerAgain { meant } | Entered::Nobody { meant, .. } => meant,
    };
    match &backend.target {
        Target::Service(name) => Goal::Service(name),
        Target::Url(_) if backend.bypass_local => Goal::Network(Some(meant)),
        Target::Url(_) => domains.owner(host).map_or(Goal::Nobody, Goal::Service),
    }
}

/// The services that a request comes through and what is behind them; `None` where it leaves the first one for good.
pub(super) fn walk(manifest: &Manifest, first: &Service, ask: &Ask) -> Option<String> {
    let mut walk = Walk { manifest, names: Vec::new(), ask };
    let end = walk.from(first, copy(&ask.request));
    let names: Vec<String> = walk.names.iter().map(|name| format!("`{name}`")).collect();
    let text = match end {
        End::Origin(_) if names.len() == 1 => return None,
        End::Origin(text) | End::Here(text) => text,
    };
    Some(format!("\nthe chain\n  {} -> {text}\n", shorter(&names).join(" -> ")))
}

/// A round is shown once.
fn shorter(names: &[String]) -> Vec<String> {
    let again = (1..names.len()).find(|place| names[..*place].contains(&names[*place]));
    match again.filter(|_| names.len() > CHAIN_SERVICES_MAX + 1) {
        Some(again) => names[..=again].iter().cloned().chain(["...".to_owned()]).collect(),
        None => names.to_vec(),
    }
}

struct Walk<'m> {
    manifest: &'m Manifest,
    names: Vec<&'m ServiceName>,
    ask: &'m Ask,
}

/// What is behind the last service.
enum End {
    /// A server that is none of ours.
    Origin(String),
    /// Nothing: the request ends in the process.
    Here(String),
}

/// What comes next.
enum Next<'m> {
    End(End),
    Enter(&'m Backend, &'m Service),
}

impl Next<'_> {
    fn here(text: impl Into<String>) -> Self {
        Self::End(End::Here(text.into()))
    }
}

impl<'m> Walk<'m> {
    fn from(&mut self, first: &'m Service, mut request: Request) -> End {
        let mut service = first;
        loop {
            self.names.push(&service.name);
            if self.is_too_long() {
                return End::Here(format!("503 `Loop detected`, at hop {}", self.names.len()));
            }
            match self.next(service, &mut request) {
                Next::End(end) => return end,
                Next::Enter(backend, next) if is_shut_out(backend, next) => {
                    self.names.push(&next.name);
                    return End::Here("403, without a chain token that it accepts".to_owned());
                }
                Next::Enter(_, next) => service = next,
            }
        }
    }

    fn is_too_long(&self) -> bool {
        let mut different = self.names.clone();
        different.sort_unstable();
        different.dedup();
        self.names.len() > HOPS_MAX || different.len() > CHAIN_SERVICES_MAX
    }

    fn next(&self, service: &'m Service, request: &mut Request) -> Next<'m> {
        let ServiceKind::Delivery { rules: said, backend } = &service.kind else {
            return Next::here("what its handler says");
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
            return Next::here(ended(end));
        }
        if let Err(error) = rules.rewrite(&matched, request) {
            return Next::here(error.refusal().reason());
        }
        let name = rules.backend(&matched).unwrap_or(backend.as_str());
        match member(service, name) {
            Some(backend) => self.send(backend, request),
            None => Next::here(format!("no backend `{name}`")),
        }
    }

    fn send(&self, backend: &'m Backend, request: &mut Request) -> Next<'m> {
        if let Some(host) = backend.override_host.as_deref() {
            let value = HeaderValue::from_str(host).ok();
            value.into_iter().for_each(|it| drop(request.headers_mut().insert(header::HOST, it)));
        }
        let domains = Domains::of(self.manifest);
        let next = match goal(&domains, backend, &host(request)) {
            Goal::Service(name) | Goal::ThisNode(Some(name)) => {
                self.manifest.services.get(name.as_str())
            }
            Goal::Nobody | Goal::ThisNode(None) => return Next::here("421 `unknown domain`"),
            Goal::Network(_) => None,
        };
        match (next, &backend.target) {
            (Some(next), _) => Next::Enter(backend, next),
            (None, Target::Url(url)) => Next::End(End::Origin(whole(url))),
            (None, Target::Service(name)) => Next::here(format!("no service `{name}`")),
        }
    }
}

/// A url as one writes it.
pub(super) fn whole(url: &BackendUrl) -> String {
    format!("{}://{}", url.scheme.as_str(), url.authority())
}

/// The backend of this name; of a director's, the first.
fn member<'m>(service: &'m Service, name: &str) -> Option<&'m Backend> {
    let director = service.directors.get(name).and_then(|director| director.members.first());
    let name = director.map_or(name, |member| member.backend.as_str());
    service.backends.get(name)
}

/// Whether a service refuses what a backend sends it.
fn is_shut_out(backend: &Backend, next: &Service) -> bool {
    let mode = backend.chain_auth.as_ref().map(|auth| auth.mode);
    next.require_chain_auth
        .as_ref()
        .is_some_and(|required| mode.is_none_or(|mode| !required.accept.contains(&mode)))
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
