//! A service, ready to run: its handler, its backends, its links, its settings.

use std::collections::BTreeMap;

use http::{HeaderMap, Method, Uri};
use selvedge::{Error, Refusal, Response, Result};
use selvedge_cache::{
    key::Key,
    policy::{Override, Policy},
};
use selvedge_model::{
    manifest,
    name::{StoreKind, StoreName},
    suggest,
};

use super::{Backend, Facts, Rules};

/// One service of the account.
pub struct Service {
    /// The manifest's settings.
    pub settings: manifest::Service,
    /// What answers its requests.
    pub handler: Handler,
    /// Its backends by name.
    pub backends: BTreeMap<String, Backend>,
    /// The store with the secrets of the chain tokens that it requires.
    pub required_secrets: Option<StoreName>,
    /// How its cache judges freshness.
    pub policy: Policy,
}

/// What answers a service's requests.
pub enum Handler {
    /// Code.
    Compute(selvedge::Service),
    /// Rules, and the name of the one backend that they send to.
    Delivery(Rules, String),
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
        match &self.handler {
            Handler::Compute(_) => None,
            Handler::Delivery(rules, _) => Some(rules),
        }
    }

    /// What the cache knows a request by. What GET stored is found by every method.
    #[must_use]
    pub fn key(&self, host: &str, uri: &Uri, headers: &HeaderMap) -> Key {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let facts = Facts { method: &Method::GET, host, uri, headers, client: None };
        match self.rules().and_then(|rules| rules.key(&facts)) {
            Some(rules) => Key::with_rules(self.name(), host, target, rules, headers),
            None => Key::new(self.name(), host, target),
        }
    }

    /// What is said of a response, by its sender or by rules; rules may add to its headers.
    #[must_use]
    pub fn judge(&self, facts: &Facts<'_>, response: &mut Response, over: Override) -> Override {
        match self.rules() {
            Some(rules) => rules.judge(facts, response),
            None => over,
        }
    }

    /// The store behind a link.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`], naming what is linked instead.
    pub fn store(&self, kind: StoreKind, link: &str) -> Result<&StoreName> {
        match self.settings.links.get(link) {
            Some(found) if found.kind == kind => Ok(&found.store),
            Some(found) => Err(self.unknown_link(kind, link, &format!("a {}", found.kind))),
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
