//! A delivery service's rules: what the cache does for a request, and with the response to it.
//!
//! For each action the first matching rule that sets it decides. Matching runs on a normalised
//! copy of the path; the path itself is forwarded as it was received.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use selvedge::Response;
use selvedge_cache::{
    decision::PassReason,
    key_rule::KeyRules,
    policy::{Override, Storing},
    vary,
};
use selvedge_model::manifest::{
    RequestFacts, ResponseFacts, Rule, ServiceCache, Then, normalise_path,
};

use crate::headers::Vouched;

/// The tags that an object is purged by.
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// The rules of one service, in order.
pub struct Rules(Vec<(Rule, Option<KeyRules>)>);

/// A request as rules see it.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Its method.
    pub method: &'a Method,
    /// The host that was asked for.
    pub host: &'a str,
    /// Its path and query.
    pub uri: &'a Uri,
    /// Its header section.
    pub headers: &'a HeaderMap,
    /// The client's address.
    pub client: Option<IpAddr>,
}

impl Rules {
    /// The rules of a manifest, in its order.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        let with_key = |rule: &Rule| (rule.clone(), rule.then.key.as_ref().map(KeyRules::of));
        Self(rules.iter().map(with_key).collect())
    }

    /// Whether a rule asks for a header that says what the edge says of clients.
    #[must_use]
    pub fn look_at_clients(&self) -> bool {
        self.0.iter().any(|(rule, key)| {
            let added = key.iter().flat_map(|key| &key.add_headers).map(HeaderName::as_str);
            let mut names = rule.when.header.keys().map(String::as_str).chain(added);
            names.any(|name| Vouched::has(name.as_bytes()))
        })
    }

    /// Why the cache is not asked for this request, if rules say so.
    #[must_use]
    pub fn pass(&self, facts: &Facts<'_>) -> Option<PassReason> {
        let off = self.first(facts, |then| then.cache) == Some(ServiceCache::Off);
        let pass = self.first(facts, |then| then.pass) == Some(true);
        off.then_some(PassReason::CacheOff).or(pass.then_some(PassReason::Requested))
    }

    /// Whether a miss of this request may wait for another's fetch; it may unless a rule says no.
    #[must_use]
    pub fn collapse(&self, facts: &Facts<'_>) -> bool {
        self.first(facts, |then| then.collapse).unwrap_or(true)
    }

    /// How the key of this request differs from host, path and query, if rules say so.
    #[must_use]
    pub fn key(&self, facts: &Facts<'_>) -> Option<&KeyRules> {
        // Without a rule that speaks of it, the request need not be looked at.
        self.0.iter().find(|(_, key)| key.is_some())?;
        facts.seen(|request| {
            let mut matching = self.0.iter().filter(|(rule, _)| rule.matches_request(request));
            matching.find_map(|(_, key)| key.as_ref())
        })
    }

    /// Every rule for the key that a request with these facts, but other headers or another client,
    /// may meet; `None` where it may meet none.
    #[must_use]
    pub fn keys(&self, facts: &Facts<'_>) -> Vec<Option<&KeyRules>> {
        facts.seen(|request| {
            let mut found = Vec::new();
            for (rule, key) in self.0.iter().filter(|(_, key)| key.is_some()) {
                let wider = whoever_asks(rule);
                if wider.matches_request(request) {
                    found.push(key.as_ref());
                    // It decides for everybody, so that no later one is met.
                    if wider == *rule {
                        return found;
                    }
                }
            }
            found.push(None);
            found
        })
    }

    /// What rules say of the response to this request; adds their surrogate keys and what it
    /// varies on to its headers.
    #[must_use]
    pub fn judge(&self, facts: &Facts<'_>, response: &mut Response) -> Override {
        let said = self.said(facts, response);
        let any_status = self.names_status(facts, response);
        add_lists(response, &said);
        Override {
            ttl: said.ttl,
            any_status,
            stale_while_revalidate: said.stale_while_revalidate,
            stale_if_error: said.stale_if_error,
            storing: match said.uncacheable {
                Some(true) => Storing::Refuse,
                Some(false) | None => Storing::AsSaid,
            },
        }
    }

    /// Whether the rule that sets the lifetime says which statuses it is for.
    fn names_status(&self, facts: &Facts<'_>, response: &Response) -> bool {
        let lines = |name: &str| lines(response.headers(), name);
        let answer = ResponseFacts { status: response.status().as_u16(), headers: &lines };
        facts.seen(|request| {
            let mut matching = self.0.iter().filter(|(rule, _)| rule.matches(request, &answer));
            let setting = matching.find(|(rule, _)| rule.then.ttl.is_some());
            setting.is_some_and(|(rule, _)| !rule.when_response.status.is_empty())
        })
    }

    /// All that rules set for a response, each setting by the first rule that has it.
    fn said(&self, facts: &Facts<'_>, response: &Response) -> Then {
        let lines = |name: &str| lines(response.headers(), name);
        let answer = ResponseFacts { status: response.status().as_u16(), headers: &lines };
        facts.seen(|request| {
            let matching = self.0.iter().filter(|(rule, _)| rule.matches(request, &answer));
            matching.map(|(rule, _)| &rule.then).fold(Then::default(), |first, next| Then {
                ttl: first.ttl.or(next.ttl),
                stale_while_revalidate: first
                    .stale_while_revalidate
                    .or(next.stale_while_revalidate),
                stale_if_error: first.stale_if_error.or(next.stale_if_error),
                surrogate_keys: first.surrogate_keys.or_else(|| next.surrogate_keys.clone()),
                vary: first.vary.or_else(|| next.vary.clone()),
                uncacheable: first.uncacheable.or(next.uncacheable),
                ..first
            })
        })
    }

    /// What the first rule says that matches before there is a response.
    fn first<T>(&self, facts: &Facts<'_>, set: impl Fn(&Then) -> Option<T>) -> Option<T> {
        self.0.iter().find(|(rule, _)| set(&rule.then).is_some())?;
        facts.seen(|request| {
            let mut matching = self.0.iter().filter(|(rule, _)| rule.matches_request(request));
            matching.find_map(|(rule, _)| set(&rule.then))
        })
    }
}

impl Facts<'_> {
    /// Shows the request in the model's terms.
    fn seen<T>(&self, look: impl FnOnce(&RequestFacts<'_>) -> T) -> T {
        let lines = |name: &str| lines(self.headers, name);
        look(&RequestFacts {
            method: self.method.as_str(),
            host: self.host,
            normalised_path: &normalise_path(self.uri.path()),
            query: self.uri.query(),
            headers: &lines,
            client: self.client,
        })
    }
}

/// The rule without what it asks of headers, cookies and clients.
fn whoever_asks(rule: &Rule) -> Rule {
    let mut wider = rule.clone();
    wider.when.header.clear();
    wider.when.cookie.clear();
    wider.when.client.clear();
    wider
}

fn lines<'h>(headers: &'h HeaderMap, name: &str) -> Vec<&'h [u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes).collect()
}

/// Adds to lists. A 304 renews headers that have been added to already, unless it brings its own, which
/// take the place of the stored ones.
fn add_lists(response: &mut Response, said: &Then) {
    let renews = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    let stands = |name: &HeaderName| !renews || headers.contains_key(name);
    let (tagged, varied) = (stands(&SURROGATE_KEY), stands(&header::VARY));
    for key in said.surrogate_keys.iter().flatten().filter(|_| tagged) {
        if let Ok(value) = HeaderValue::from_str(key.as_str()) {
            headers.append(SURROGATE_KEY, value);
        }
    }
    let names = said.vary.iter().flatten().filter(|_| varied);
    let names = names.filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok());
    vary::add_names(headers, &names.collect::<Vec<_>>());
}

#[cfg(test)]
mod tests;
