//! A backend as the fetch pipeline needs it: where it leads, and what each send adds.

use std::sync::Arc;

use http::HeaderValue;
use selvedge_model::{
    id::StoreId,
    limits::{CHAIN_NONCES, CHAIN_TOKEN_WINDOW_MS},
    manifest::{self, BackendUrl, ChainMode, Target},
    name::ServiceName,
};

use crate::backends::State;

/// A named place that a service sends to.
pub struct Backend {
    /// The manifest's settings.
    pub settings: manifest::Backend,
    /// Where it leads.
    pub goal: Goal,
    /// The `Host` that is sent whatever the request says.
    pub override_host: Option<HeaderValue>,
    /// How each attempt is signed.
    pub signing: Option<Signing>,
    /// Its number among all backends that this node has had, for connection pools. It goes on from world to world for
    /// as long as nothing about the backend changes.
    pub number: usize,
    /// Whoever keeps something for this number learns here that no world has the backend any more.
    pub life: Arc<()>,
    /// Whether it works, and what is under way to it; kept like the number.
    pub state: Arc<State>,
}

/// Where a backend leads.
pub enum Goal {
    /// Always to this service, in the process.
    Service(ServiceName),
    /// To an address; to a service in the process where the address turns out to be ours.
    Url(BackendUrl),
}

/// What a backend's chain tokens are made with.
pub struct Signing {
    /// Holds `edge_auth_secret_id`.
    pub config: StoreId,
    /// Holds the secret under that id.
    pub secrets: StoreId,
    /// The form of the token.
    pub mode: ChainMode,
}

/// What a service asks of chain tokens.
pub struct Required {
    /// Holds the secrets by their ids.
    pub secrets: StoreId,
    /// The forms that it accepts.
    pub accept: Vec<ChainMode>,
    /// How far a token's time may be from now, in milliseconds.
    pub window_ms: u64,
    /// How many one-time tokens it remembers.
    pub nonces: usize,
}

impl Required {
    /// What holds where only the code requires tokens.
    #[must_use]
    pub fn by_code(secrets: StoreId) -> Self {
        let accept = vec![ChainMode::OneTime];
        Self { secrets, accept, window_ms: CHAIN_TOKEN_WINDOW_MS, nonces: CHAIN_NONCES }
    }
}

impl Backend {
    /// The host of a request that names none: whom it is for, whatever is sent in the end.
    #[must_use]
    pub fn own_host(&self) -> String {
        match &self.goal {
            Goal::Url(url) => url.authority(),
            Goal::Service(name) => name.as_str().to_owned(),
        }
    }
}

impl Goal {
    /// The goal of a checked manifest's target.
    #[must_use]
    pub fn of(target: &Target) -> Self {
        match target {
            Target::Service(name) => Self::Service(name.clone()),
            Target::Url(url) => Self::Url(url.clone()),
        }
    }
}
