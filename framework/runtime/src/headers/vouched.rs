//! What the edge vouches for: who a request's client is, whatever the client says itself.

use std::{net::IpAddr, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// The client's address as the edge saw it.
const CLIENT_IP: HeaderName = HeaderName::from_static("fastly-client-ip");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What the edge says of a client, as values of headers. A hit that nobody chooses by them does without.
#[derive(Clone, Debug)]
pub struct Vouched {
    client: Arc<Client>,
    host: Host,
}

/// What is the same for all requests of a connection.
#[derive(Debug)]
struct Client {
    address: Option<HeaderValue>,
    scheme: HeaderValue,
}

/// The host that the client named.
#[derive(Clone, Debug)]
enum Host {
    /// The request still does.
    AsRequested,
    /// It was this one, before the request went on to another service.
    Was(Option<HeaderValue>),
}

impl Vouched {
    /// For a connection from this address, over `http` or `https`.
    #[must_use]
    pub fn of(client: Option<IpAddr>, scheme: &'static str) -> Self {
        let address = client.and_then(|ip| HeaderValue::try_from(ip.to_string()).ok());
        let client = Client { address, scheme: HeaderValue::from_static(scheme) };
        Self { client: Arc::new(client), host: Host::AsRequested }
    }

    /// The same for a request that is about to be given another host.
    #[must_use]
    pub fn keeping_host(self, headers: &HeaderMap) -> Self {
        Self { host: Host::Was(self.host.named(headers)), ..self }
    }

    /// Whether a header of this name is one of those.
    #[must_use]
    pub fn has(name: &[u8]) -> bool {
        let names = [FORWARDED_HOST, FORWARDED_PROTO, FORWARDED_FOR, CLIENT_IP];
        names.iter().any(|vouched| name.eq_ignore_ascii_case(vouched.as_str().as_bytes()))
    }

    /// Says who the client is, in place of its own copies of what we vouch for.
    pub fn say(self, headers: &mut HeaderMap) {
        match self.host.named(headers) {
            Some(host) => headers.insert(FORWARDED_HOST, host),
            None => headers.remove(FORWARDED_HOST),
        };
        headers.insert(FORWARDED_PROTO, self.client.scheme.clone());
        match &self.client.address {
            Some(address) => {
                headers.append(FORWARDED_FOR, address.clone());
                headers.insert(CLIENT_IP, address.clone());
            }
            None => drop(headers.remove(CLIENT_IP)),
        }
    }
}

impl Host {
    fn named(self, headers: &HeaderMap) -> Option<HeaderValue> {
        match self {
            Self::AsRequested => headers.get(header::HOST).cloned(),
            Self::Was(host) => host,
        }
    }
}
