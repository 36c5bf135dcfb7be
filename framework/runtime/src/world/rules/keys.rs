//! Under which keys the objects of a URL may lie, whoever asks for it: what rules may make of its host, its path and its
//! key.

use http::{Uri, uri::PathAndQuery};
use selvedge_cache::key_rule::KeyRules;
use selvedge_model::manifest;

use super::{Facts, Rule, Rules, request::rewritten};

/// One of the ways in which the cache may know a URL.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::world) struct Addressed<'r> {
    /// The host, where it is another one.
    pub(in crate::world) host: Option<&'r str>,
    /// The path and query, where they are others.
    pub(in crate::world) target: Option<PathAndQuery>,
    /// How the key differs from them.
    pub(in crate::world) key: Option<&'r KeyRules>,
}

impl Rules {
    /// Every way in which a request for this URL, with whatever headers, from whatever client, may be known. Host, path
    /// and key are found each by itself, so that there may be one that no request has.
    #[must_use]
    pub(in crate::world) fn addressed(&self, facts: &Facts<'_>) -> Vec<Addressed<'_>> {
        let hosts = self.possible(facts, |rule| rule.said.then.rewrite_host.as_deref());
        let paths = self.possible(facts, |rule| rule.said.then.rewrite_path.as_ref());
        let targets = paths.into_iter().map(|path| target(path, facts.uri));
        let targets: Vec<Option<PathAndQuery>> = targets.collect();
        let keys = self.possible(facts, |rule| rule.key.as_ref());
        let mut all = Vec::new();
        for host in &hosts {
            for target in &targets {
                for key in &keys {
                    all.push(Addressed { host: *host, target: target.clone(), key: *key });
                }
            }
        }
        all
    }

    /// Everything that rules may say to one question; `None` where they may say nothing.
    fn possible<'r, T>(
        &'r self,
        facts: &Facts<'_>,
        said: impl Fn(&'r Rule) -> Option<T>,
    ) -> Vec<Option<T>> {
        let with = self.rules.iter().filter_map(|rule| Some((&rule.said, said(rule)?)));
        let mut found = Vec::new();
        for (rule, said) in with.filter(|(rule, _)| rule.when_response.is_any()) {
            let wider = whoever_asks(rule);
            if facts.seen(|request| wider.matches_request(request)) {
                found.push(Some(said));
                // It decides for everybody, so that no later one is met.
                if wider == *rule {
                    return found;
                }
            }
        }
        found.push(None);
        found
    }
}

/// The rule without what it asks of headers, cookies and clients, and of the methods for which something is stored.
fn whoever_asks(rule: &manifest::Rule) -> manifest::Rule {
    let mut wider = rule.clone();
    wider.when.header.clear();
    wider.when.cookie.clear();
    wider.when.client.clear();
    if wider.when.method.iter().any(|method| method == "GET" || method == "HEAD") {
        wider.when.method.clear();
    }
    wider
}

/// What cannot be a path is never sent, so that nothing is stored for it.
fn target(path: Option<&manifest::PathRewrite>, uri: &Uri) -> Option<PathAndQuery> {
    rewritten(path?, uri).ok().flatten()
}
