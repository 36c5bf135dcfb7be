//! A service, ready to run: its handler, its backends, its links, its settings.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use http::{HeaderMap, Method, Uri, header};
use selvedge::{Error, Refusal, Response, Result};
use selvedge_cache::{
    key::Key,
    key_rule::KeyRules,
    policy::{Override, Policy},
};
use selvedge_model::{
    id::{ServiceId, StoreId},
    manifest,
    name::StoreKind,
    suggest,
};

use super::{Backend, Facts, Rules};
use crate::headers::Vouched;

/// One service of the account.
pub struct Service {
    /// Its id in the account.
    pub id: ServiceId,
    /// The manifest's settings.
    pub settings: manifest::Service,
    /// What answers its requests.
    pub handler: Handler,
    /// Its backends by name.
    pub backends: BTreeMap<String, Backend>,
    /// The stores that it sees, by the names under which it does.
    pub links: BTreeMap<String, (StoreKind, StoreId)>,
    /// The store with the secrets of the chain tokens that it requires.
    pub required_secrets: Option<StoreId>,
    /// How its cache judges freshness.
    pub policy: Policy,
    /// The generation of what is cached now; see `carried`.
    pub(super) generation: Arc<AtomicU64>,
    /// Whether its code or its rules may look at what the edge says of clients.
    pub looks_at_clients: bool,
    /// Whether it had a response that was chosen by what the edge says of clients; in any of its worlds.
    pub(super) varied_by_client: Arc<AtomicBool>,
}

/// What answers a service's requests.
pub enum Handler {
    /// Code.
    Compute(selvedge::Service),
    /// Rules, and the name of the one backend that they send to.
    Delivery(Rules, String),
}

impl Handler {
    /// The rules, of a delivery service.
    #[must_use]
    pub fn rules(&self) -> Option<&Rules> {
        match self {
            Self::Compute(_) => None,
            Self::Delivery(rules, _) => Some(rules),
        }
    }
}

impl Service {
    /// The service's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.settings.name.as_str()
    }

    /// The rules, for a delivery service.
    #[must_use]
    pub fn rules(&self) -> Option<&Rules> {
        self.handler.rules()
    }

    /// The generation of what is cached now; part of every key, in every POP.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Begins a new generation, in which nothing of the old ones is found, and names the one that
    /// has ended. What ended is not walked; it leaves the shelf as it is not used any more.
    pub fn begin_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::AcqRel)
    }

    /// What the cache knows a request by. What GET stored is found by every method.
    #[must_use]
    pub fn key(&self, host: &str, uri: &Uri, headers: &HeaderMap) -> Key {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let facts = Facts { method: &Method::GET, host, uri, headers, client: None };
        let rules = self.rules().and_then(|rules| rules.key(&facts));
        self.key_by(rules, host, target, headers)
    }

    /// Every key that requests for a target may have, whatever their headers; what rules add is
    /// left open.
    #[must_use]
    pub fn keys(&self, host: &str, uri: &Uri) -> Vec<Key> {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let headers = HeaderMap::new();
        let facts = Facts { method: &Method::GET, host, uri, headers: &headers, client: None };
        let rules = self.rules().map_or_else(|| vec![None], |rules| rules.keys(&facts));
        rules.into_iter().map(|rules| self.key_by(rules, host, target, &headers)).collect()
    }

    fn key_by(
        &self,
        rules: Option<&KeyRules>,
        host: &str,
        target: &str,
        headers: &HeaderMap,
    ) -> Key {
        let key = match rules {
            Some(rules) => Key::with_rules(self.name(), host, target, rules, headers),
            None => Key::new(self.name(), host, target),
        };
        key.in_generation(self.generation())
    }

    /// What is said of a response, by its sender or by rules; rules may add to its headers.
    #[must_use]
    pub fn judge(&self, facts: &Facts<'_>, response: &mut Response, over: Override) -> Override {
        match self.rules() {
            Some(rules) => rules.judge(facts, response),
            None => over,
        }
    }

    /// Whether something that is stored may have been chosen by what the edge says of clients.
    #[must_use]
    pub fn varies_by_client(&self) -> bool {
        self.varied_by_client.load(Ordering::Acquire)
    }

    /// Notes by what a response was chosen, before it can be stored.
    pub fn note_vary(&self, response_headers: &HeaderMap) {
        let lines = response_headers.get_all(header::VARY).iter();
        let mut names = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        if names.any(|name| Vouched::has(name.trim_ascii())) {
            self.varied_by_client.store(true, Ordering::Release);
        }
    }

    /// The store behind a link.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`], naming what is linked instead.
    pub fn store(&self, kind: StoreKind, link: &str) -> Result<&StoreId> {
        match self.links.get(link) {
            Some((found, store)) if *found == kind => Ok(store),
            Some((found, _)) => Err(self.unknown_link(kind, link, &format!("a {found}"))),
            None => Err(self.unknown_link(kind, link, "nothing")),
        }
    }

    fn unknown_link(&self, kind: StoreKind, link: &str, instead: &str) -> Error {
        let detail = format!(
            "service `{}` has no {kind} linked as `{link}`; {instead} is linked under that name",
            self.name()
        );
        Error::new(Refusal::LinkUnknown, detail)
    }

    /// A backend by name.
    ///
    /// # Errors
    /// [`Refusal::BackendUnknown`], with the nearest name.
    pub fn backend(&self, name: &str) -> Result<&Backend> {
        self.backends.get(name).ok_or_else(|| {
            let known = self.backends.keys().map(String::as_str);
            let hint = match suggest::nearest(name, known) {
                Some(near) => format!("; did you mean `{near}`"),
                None => String::new(),
            };
            let detail = format!("service `{}` has no backend `{name}`{hint}", self.name());
            Error::new(Refusal::BackendUnknown, detail)
        })
    }
}
