//! The checked manifest of an account: every field is public and valid.
//!
//! [`Manifest::parse`] turns the text of an `edge.toml` into it, or into all the problems that the
//! text has. Nothing here opens the files or reads the variables that a [`Source`] names.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;

use self::read::Form;
use crate::key::KvKey;
use crate::name::{Domain, PopName, SecretName, ServiceName, StoreName};
use crate::problem::Problems;

pub mod bytes;
mod caching;
mod declared;
pub mod duration;
mod health;
mod network;
mod path;
mod read;
mod rule;
mod service;
mod shelf;
mod store;
mod url;

pub use caching::{CacheProfile, CacheSettings, SetCookie};
pub use health::{Choice, Director, Healthcheck, Member};
pub use network::Network;
pub use path::{PathPattern, literal_path, normalise_path};
pub use rule::{
    End, HeaderChanges, HeaderLines, IgnoreQuery, KeyChange, PathRewrite, Redirect, RequestFacts,
    ResponseFacts, Rule, StatusPattern, Synthetic, Then, Unmet, Wanted, When, WhenResponse,
};
pub use service::{
    Backend, ChainAuth, ChainMode, Link, PurgeAccess, RequireChainAuth, Service, ServiceCache,
    ServiceKind, Target,
};
pub use shelf::ShelfSettings;
pub use store::{KvSeed, SecretItem, Source};
pub use url::{BackendUrl, Scheme};

/// An account: its stores, services and places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What the account is called.
    pub name: String,
    /// Where the dev server listens and keeps its state.
    pub dev: Dev,
    /// The places where nodes stand, at least one.
    pub pops: Vec<PopName>,
    /// The memory of cached objects.
    pub shelf: ShelfSettings,
    /// KV stores and the items that they are seeded with.
    pub kv_stores: BTreeMap<StoreName, Vec<KvSeed>>,
    /// Config stores and their contents.
    pub config_stores: BTreeMap<StoreName, BTreeMap<String, String>>,
    /// Secret stores and where their secrets come from.
    pub secret_stores: BTreeMap<StoreName, Vec<SecretItem>>,
    /// ACLs; their entries come through the management API.
    pub acls: BTreeSet<StoreName>,
    /// The services; at least one where a person wrote the manifest.
    pub services: BTreeMap<ServiceName, Service>,
    /// Settings of the account itself.
    pub account: Account,
}

impl Manifest {
    /// Reads and checks the text of a manifest.
    ///
    /// All problems are reported at once. The manifest is `None` exactly when one of them refuses
    /// it; with warnings only, both are there.
    pub fn parse(text: &str) -> (Option<Manifest>, Problems) {
        read::manifest(text, Form::Written)
    }

    /// The same for a node that takes requests at the first of these addresses and has its management API at the second,
    /// whatever the text says of that.
    pub fn parse_served(
        text: &str,
        (listen, admin): (SocketAddr, SocketAddr),
    ) -> (Option<Manifest>, Problems) {
        read::manifest(text, Form::Served { listen, admin })
    }

    /// The same for what is active in an account, written as a manifest; there may be no service in it.
    pub fn parse_active(text: &str) -> (Option<Manifest>, Problems) {
        read::manifest(text, Form::Active)
    }

    /// The service that owns a domain.
    pub fn owner_of(&self, domain: &str) -> Option<&Service> {
        let domain = Domain::new(domain).ok()?;
        self.services.values().find(|service| service.domains.contains(&domain))
    }

    /// Whether every service runs without handler code.
    pub fn is_delivery_only(&self) -> bool {
        self.services.values().all(|service| service.kind.is_delivery())
    }
}

/// Settings of the account itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Services that may send to our own domains through the network.
    pub allow_local_bypass: Vec<ServiceName>,
}

/// What only the dev server reads; command-line flags win over it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dev {
    /// Where requests are accepted.
    pub listen: Option<SocketAddr>,
    /// Where the management API listens.
    pub admin: Option<SocketAddr>,
    /// Where state is kept.
    pub state_dir: Option<PathBuf>,
    /// Where requests enter; one of the manifest's POPs.
    pub pop: Option<PopName>,
}
