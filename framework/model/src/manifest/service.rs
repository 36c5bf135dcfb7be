//! A service as the manifest describes it: what it is, what it sees and where it sends.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{BackendUrl, CacheSettings, Director, Healthcheck, Rule};
use crate::name::{BackendName, Domain, LinkName, PopName, ServiceName, StoreKind, StoreName};

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: ServiceName,
    /// Code or rules.
    pub kind: ServiceKind,
    /// The hosts that select it, at least one.
    pub domains: Vec<Domain>,
    /// The stores that it sees.
    pub links: BTreeMap<LinkName, Link>,
    /// The places that it sends to.
    pub backends: BTreeMap<BackendName, Backend>,
    /// Groups of them that are sent to under one name, which no backend has.
    pub directors: BTreeMap<BackendName, Director>,
    /// Whether it answers only to requests with a chain token.
    pub require_chain_auth: Option<RequireChainAuth>,
    /// Whether it has a cache at all.
    pub cache: ServiceCache,
    /// Freshness of responses that do not state their own.
    pub default_ttl: Option<Duration>,
    /// How its cache reads the RFCs.
    pub cache_settings: CacheSettings,
    /// Whose `PURGE` requests it follows; only a delivery service answers them itself.
    pub purge: PurgeAccess,
}

impl Service {
    /// The service that a backend names with `service =`.
    pub fn backend_service(&self, backend: &str) -> Option<&ServiceName> {
        self.backends.get(backend)?.target.service()
    }

    /// The handler's name, for a compute service.
    pub fn handler(&self) -> Option<&str> {
        match &self.kind {
            ServiceKind::Compute { handler } => Some(handler),
            ServiceKind::Delivery { .. } => None,
        }
    }
}

/// What runs a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// Handler code.
    Compute {
        /// The name of the handler function.
        handler: String,
    },
    /// No code: rules in front of backends.
    Delivery {
        /// In the order in which they are asked.
        rules: Vec<Rule>,
        /// The backend or director that a request is sent to unless a rule names another.
        backend: BackendName,
    },
}

impl ServiceKind {
    /// `compute` or `delivery`.
    pub fn as_str(&self) -> &'static str {
        match self {
            ServiceKind::Compute { .. } => "compute",
            ServiceKind::Delivery { .. } => "delivery",
        }
    }

    /// Whether the service runs without handler code.
    pub fn is_delivery(&self) -> bool {
        matches!(self, ServiceKind::Delivery { .. })
    }
}

/// Whether a service has a cache layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceCache {
    /// Responses are looked up and stored.
    #[default]
    On,
    /// There is no look-up, no collapse, no hook.
    Off,
}

/// Whose `PURGE` requests a delivery service follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PurgeAccess {
    /// Those of whoever may use the management API, and those of services that it trusts.
    #[default]
    Authenticated,
    /// Everybody's.
    Open,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The kind of store.
    pub kind: StoreKind,
    /// The store, which exists in the account.
    pub store: StoreName,
}

/// A named place that a service sends to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Its name.
    pub name: BackendName,
    /// Where it leads.
    pub target: Target,
    /// The Host that is sent. A backend with `service =` always has one: the first domain of that
    /// service unless the manifest says otherwise.
    pub override_host: Option<String>,
    /// The name that the server's certificate must carry, in place of the url's host.
    pub cert_host: Option<String>,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long the first byte of the response may take.
    pub first_byte_timeout: Duration,
    /// How long the response may stop between two of its bytes.
    pub between_bytes_timeout: Duration,
    /// Most requests that may be under way to it from one node; `None` for any number.
    pub max_connections: Option<usize>,
    /// How it is found out whether it works.
    pub healthcheck: Option<Healthcheck>,
    /// Whether a send to one of our domains goes through the network all the same.
    pub bypass_local: bool,
    /// The one POP from which it is sent to; the others go through that.
    pub shield: Option<PopName>,
    /// How sends are signed.
    pub chain_auth: Option<ChainAuth>,
}

/// Where a backend leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Another service of this account.
    Service(ServiceName),
    /// A server.
    Url(BackendUrl),
}

impl Target {
    /// The service, if it is one.
    pub fn service(&self) -> Option<&ServiceName> {
        match self {
            Target::Service(name) => Some(name),
            Target::Url(_) => None,
        }
    }
}

/// How sends to a backend are signed. Both links exist in the service, with the right kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainAuth {
    /// Link to the config store that says which secret is current.
    pub config: LinkName,
    /// Link to the secret store that holds it.
    pub secrets: LinkName,
    /// The form of the token.
    pub mode: ChainMode,
}

/// The form of a chain token, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChainMode {
    /// The secret itself: whoever has seen one request can send others, until the secret is changed.
    Shared,
    /// HMAC over time and POP: good for any request, for two seconds.
    Signed,
    /// HMAC over the whole request, with a nonce: good for one request, once.
    OneTime,
}

impl ChainMode {
    /// All of them, from the weakest to the strongest.
    pub const ALL: [ChainMode; 3] = [ChainMode::Shared, ChainMode::Signed, ChainMode::OneTime];

    /// The mode as the manifest writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ChainMode::Shared => "shared",
            ChainMode::Signed => "signed",
            ChainMode::OneTime => "one-time",
        }
    }
}

/// Which chain tokens a service asks for. Both links exist in the service, with the right kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequireChainAuth {
    /// Link to the config store that says which secrets count.
    pub config: LinkName,
    /// Link to the secret store that holds them.
    pub secrets: LinkName,
    /// The forms of token that are accepted, at least one; [`ChainMode::OneTime`] unless the manifest says so.
    pub accept: Vec<ChainMode>,
    /// A token is valid while its time differs from now by less than this.
    pub window: Duration,
    /// How many one-time tokens a node remembers for the service; beyond that it refuses them.
    pub nonces: usize,
}
