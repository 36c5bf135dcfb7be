//! A service, ready to run: its handler, its backends, its links, its settings.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use http::{HeaderMap, Method, Uri, header};
use selvedge::{Error, Refusal, Response, Result, chain::Nonces};
use selvedge_cache::{
    key::Key,
    key_rule::KeyRules,
    policy::{Override, Policy},
};
use selvedge_model::{
    id::{ServiceId, StoreId},
    manifest,
    name::StoreKind,
};

use super::{Backend, Cached, Facts, Matched, Required, Rules};
use crate::{chain::Refusals, headers::Vouched};

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
    /// What it asks of chain tokens, where it requires one.
    pub required: Option<Required>,
    /// The one-time tokens that it has accepted; in any of its worlds.
    pub nonces: Arc<Mutex<Nonces>>,
    /// How often its chain guard has refused somebody; in any of its worlds.
    pub refusals: Arc<Refusals>,
    /// How its cache judges freshness.
    pub policy: Policy,
    /// What it has cached.
    pub cached: Cached,
    /// Whether its code or its rules may look at what the edge says of clients.
    pub looks_at_clients: bool,
    /// Whether it had a response that was chosen by what the edge says of clients; in any of its worlds.
    pub(super) varied_by_client: Arc<AtomicBool>,
}

/// What answers a service's requests.
pub enum Handler {
    /// Code.
    Compute(selvedge::Service),
    /// Rules, and the name of the backend or director that they send to where no rule names one.
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

    /// What the cache knows a request by, as it is sent. What GET stored is found by every method.
    #[must_use]
    pub fn key(
        &self,
        host: &str,
        uri: &Uri,
        headers: &HeaderMap,
        matched: Option<&Matched>,
    ) -> Key {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let rules = self.rules().zip(matched).and_then(|(rules, matched)| rules.key(matched));
        self.key_by(rules, host, target, headers)
    }

    /// Every key that requests for a URL may have, whatever their headers and whatever rules make of them; what rules add
    /// is left open.
    #[must_use]
    pub fn keys(&self, host: &str, uri: &Uri) -> Vec<Key> {
        let own = uri.path_and_query().map_or("/", |target| target.as_str());
        let headers = HeaderMap::new();
        let Some(rules) = self.rules() else {
            return vec![self.key_by(None, host, own, &headers)];
        };
        let facts = Facts { method: &Method::GET, host, uri, headers: &headers, client: None };
        let addressed = rules.addressed(&facts).into_iter().map(|addressed| {
            let target = addressed.target.as_ref().map_or(own, |target| target.as_str());
            self.key_by(addressed.key, addressed.host.unwrap_or(host), target, &headers)
        });
        addressed.collect()
    }

    fn key_by(
        &self,
        rules: Option<&KeyRules>,
        host: &str,
        target: &str,
        headers: &HeaderMap,
    ) -> Key {
        let key = match rules {
            Some(rules) => Key::with_rules(self.cached.owner(), host, target, rules, headers),
            None => Key::new(self.cached.owner(), host, target),
        };
        key.in_generation(self.cached.generation())
    }

    /// What is said of a response, by its sender or by rules; rules may change its headers.
    #[must_use]
    pub fn judge(
        &self,
        matched: Option<&Matched>,
        response: &mut Response,
        over: Override,
    ) -> Override {
        match self.rules().zip(matched) {
            Some((rules, matched)) => rules.judge(matched, response),
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
}
