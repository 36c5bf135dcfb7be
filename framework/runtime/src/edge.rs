//! The edge that a request arrives at: the world, and the way out of it. One per core.
//!
//! `receive` is the life of a request up to its first service: accept, route, vouch.

use std::{net::IpAddr, sync::Arc};

use axum::response::IntoResponse;
use http::{HeaderMap, Method, header, uri::Authority};
use selvedge::{Error, Refusal, Request, Response, Result};
use selvedge_cache::answer::strip_surrogate;

use crate::{
    debug,
    enter::{Entering, enter},
    headers,
    hops::Hops,
    page,
    upstream::Upstream,
    world::{Pop, Service, World},
};

/// The world as one core sees it.
#[derive(Clone)]
pub struct Edge {
    /// What exists.
    pub world: Arc<World>,
    /// How requests leave for the network.
    pub upstream: Arc<dyn Upstream>,
}

/// What is known of a request's client.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The address at the other end of the connection.
    pub client: Option<IpAddr>,
    /// `http` or `https`.
    pub scheme: &'static str,
}

impl Edge {
    /// Answers a request from outside.
    pub async fn receive(&self, mut request: Request, arrival: Arrival) -> Response {
        let id = self.world.ids.next();
        let (host, service, pop) = match self.route(&mut request) {
            Ok(found) => found,
            Err(error) => return self.refuse(error, &id),
        };
        let debug = debug::is_wanted(&mut request, self.world.admin_token.as_ref());
        headers::vouch_for_client(request.headers_mut(), arrival.client, arrival.scheme);
        let hops = Hops::from_stranger(request.headers());
        let client = arrival.client;
        let entering = Entering { edge: self.clone(), pop, service, hops, host, id, client, debug };
        let mut response = enter(entering, request).await;
        if !debug {
            strip_surrogate(response.headers_mut());
        }
        response
    }

    /// The host that a request names, the service that owns it, and the POP where it enters.
    fn route(&self, request: &mut Request) -> Result<(String, Arc<Service>, Arc<Pop>)> {
        if request.method() == Method::CONNECT {
            return Err(Error::new(Refusal::TunnelRefused, request.uri().to_string()));
        }
        let host = settle_host(request)?;
        let service = self.world.service_for_host(&host).ok_or_else(|| self.unknown(&host))?;
        let pop = self.world.entry_pop().ok_or_else(|| self.unknown(&host))?;
        Ok((host, Arc::clone(service), Arc::clone(pop)))
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

    fn refuse(&self, error: Error, id: &str) -> Response {
        page::finish(error.into_response(), id, self.world.dev).0
    }
}

/// The request's one host: its URI's authority, else its one `Host` field, and from then on both
/// the `Host` field and nothing else (RFC 9112 section 3.2).
fn settle_host(request: &mut Request) -> Result<String> {
    let host = match request.uri().authority() {
        Some(authority) => authority.as_str().to_owned(),
        None => host_field(request.headers())?.to_owned(),
    };
    let authority: Authority = host
        .parse()
        .map_err(|error| Error::new(Refusal::NoHost, format!("`{host}`")).because(error))?;
    let without_user = authority.as_str().rsplit('@').next().unwrap_or_default().to_owned();
    let value = without_user
        .parse()
        .map_err(|error| Error::new(Refusal::NoHost, format!("`{host}`")).because(error))?;
    request.headers_mut().insert(header::HOST, value);
    Ok(without_user)
}

fn host_field(headers: &HeaderMap) -> Result<&str> {
    let mut lines = headers.get_all(header::HOST).iter();
    match (lines.next(), lines.next()) {
        (Some(one), None) => one
            .to_str()
            .map_err(|error| Error::new(Refusal::NoHost, "`Host` is not text").because(error)),
        (None, _) => Err(Error::new(Refusal::NoHost, "neither an authority nor a `Host` field")),
        (Some(_), Some(_)) => Err(Error::new(Refusal::NoHost, "more than one `Host` field")),
    }
}
