//! What rules say of a request, before anything is sent.

use http::{
    HeaderMap, HeaderValue, Uri, header,
    uri::{InvalidUri, PathAndQuery},
};
use selvedge::{Error, Refusal, Request, Result};
use selvedge_cache::{decision::PassReason, key_rule::KeyRules};
use selvedge_model::manifest::{End, PathRewrite, ServiceCache};

use super::{Matched, Rules, facts::normal};

impl Rules {
    /// What answers the request in place of a backend.
    #[must_use]
    pub fn end(&self, matched: &Matched) -> Option<(&End, &str)> {
        self.first(&matched.early, |rule| Some((rule.said.then.end.as_ref()?, rule.name())))
    }

    /// Why the cache is not asked for this request, if rules say so.
    #[must_use]
    pub fn pass(&self, matched: &Matched) -> Option<PassReason> {
        let off = self.first(&matched.early, |rule| rule.said.then.cache);
        let pass = self.first(&matched.early, |rule| rule.said.then.pass);
        let off = (off == Some(ServiceCache::Off)).then_some(PassReason::CacheOff);
        off.or((pass == Some(true)).then_some(PassReason::Requested))
    }

    /// Whether a miss of this request may wait for another's fetch; it may unless a rule says no.
    #[must_use]
    pub fn collapse(&self, matched: &Matched) -> bool {
        self.first(&matched.early, |rule| rule.said.then.collapse).unwrap_or(true)
    }

    /// How the key of this request differs from host, path and query, if rules say so.
    #[must_use]
    pub fn key(&self, matched: &Matched) -> Option<&KeyRules> {
        self.rules.get(matched.key?)?.key.as_ref()
    }

    /// The backend or director that a rule chooses.
    #[must_use]
    pub fn backend(&self, matched: &Matched) -> Option<&str> {
        self.first(&matched.early, |rule| Some(rule.said.then.backend.as_ref()?.as_str()))
    }

    /// The Host that the request gets.
    #[must_use]
    pub fn host(&self, matched: &Matched) -> Option<&str> {
        self.first(&matched.early, |rule| rule.said.then.rewrite_host.as_deref())
    }

    /// The path and query that the request gets, if not its own.
    ///
    /// # Errors
    /// [`Refusal::TargetInvalid`] where that would be longer than a path can be.
    pub fn target(&self, matched: &Matched, uri: &Uri) -> Result<Option<PathAndQuery>> {
        match self.first(&matched.early, |rule| rule.said.then.rewrite_path.as_ref()) {
            Some(rewrite) => rewritten(rewrite, uri),
            None => Ok(None),
        }
    }

    /// Makes another request of it: its Host, its path, its headers.
    ///
    /// # Errors
    /// As [`Rules::target`].
    pub fn rewrite(&self, matched: &Matched, request: &mut Request) -> Result<()> {
        if let Some(target) = self.target(matched, request.uri())? {
            replace_target(request, target);
        }
        if let Some(host) = self.host(matched).and_then(|host| HeaderValue::from_str(host).ok()) {
            // What names a host in another place would be looked at first.
            if let Some(target) = request.uri().path_and_query().cloned() {
                *request.uri_mut() = Uri::from(target);
            }
            request.headers_mut().insert(header::HOST, host);
        }
        self.change_request(matched, request.headers_mut());
        Ok(())
    }

    /// Makes the changes of the request's headers, rule after rule.
    pub fn change_request(&self, matched: &Matched, headers: &mut HeaderMap) {
        self.met(&matched.early).for_each(|rule| rule.request.make(headers));
    }
}

impl super::Rule {
    /// What people call it.
    pub(super) fn name(&self) -> &str {
        self.said.name.as_deref().unwrap_or("without a name")
    }
}

pub(super) fn rewritten(rewrite: &PathRewrite, uri: &Uri) -> Result<Option<PathAndQuery>> {
    let Some(path) = rewrite.apply(uri.path(), &normal(uri.path())) else { return Ok(None) };
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let parsed = target.parse().map_err(|error: InvalidUri| {
        Error::new(Refusal::TargetInvalid, "as a rule rewrites it").because(error)
    })?;
    Ok(Some(parsed))
}

/// The authority, where there is one, stays.
fn replace_target(request: &mut Request, target: PathAndQuery) {
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    parts.path_and_query = Some(target.clone());
    *request.uri_mut() = Uri::from_parts(parts).unwrap_or_else(|_| Uri::from(target));
}
