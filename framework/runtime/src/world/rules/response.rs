//! What rules say of a backend's response before the cache judges it, and of an answer on its way to the client.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use selvedge::Response;
use selvedge_cache::{
    policy::{Override, Storing},
    vary,
};
use selvedge_model::{key::SurrogateKey, manifest::End};

use super::{Matched, Met, Rules};

/// The tags that an object is purged by.
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

impl Rules {
    /// What rules say of the response to a request; changes its headers, and adds their surrogate keys and what it
    /// varies on. All of them see it as it came.
    #[must_use]
    pub fn judge(&self, matched: &Matched, response: &mut Response) -> Override {
        let met = self.match_response(matched, response.status(), response.headers());
        self.change(&met, response);
        self.add_lists(&met, response);
        let uncacheable = self.first(&met, |rule| rule.said.then.uncacheable);
        let ttl = self.first(&met, |rule| Some((rule.said.then.ttl?, rule)));
        Override {
            ttl: ttl.map(|(ttl, _)| ttl),
            // A rule that says which statuses it is for means them.
            any_status: ttl.is_some_and(|(_, rule)| !rule.said.when_response.status.is_empty()),
            stale_while_revalidate: self.first(&met, |rule| rule.said.then.stale_while_revalidate),
            stale_if_error: self.first(&met, |rule| rule.said.then.stale_if_error),
            storing: match uncacheable {
                Some(true) => Storing::Refuse,
                Some(false) | None => Storing::AsSaid,
            },
            life: None,
        }
    }

    /// Whether there is a rule that changes headers of a backend's response.
    #[must_use]
    pub fn change_responses(&self) -> bool {
        self.changes_origin
    }

    /// Makes the changes of a backend's response that the cache has no part in.
    pub fn change_origin(&self, matched: &Matched, response: &mut Response) {
        let met = self.match_response(matched, response.status(), response.headers());
        self.change(&met, response);
    }

    fn change(&self, met: &Met, response: &mut Response) {
        let renews = response.status() == StatusCode::NOT_MODIFIED;
        for rule in self.met(met).filter(|rule| !rule.origin.is_empty()) {
            match renews {
                true => rule.origin.make_in_renewal(response.headers_mut()),
                false => rule.origin.make(response.headers_mut()),
            }
        }
    }

    /// Adds to lists. A 304 renews headers that have been added to already, unless it brings its own, which take the
    /// place of the stored ones.
    fn add_lists(&self, met: &Met, response: &mut Response) {
        let renews = response.status() == StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        let stands = |name: &HeaderName| !renews || headers.contains_key(name);
        let (tagged, varied) = (stands(&SURROGATE_KEY), stands(&header::VARY));
        let keys = self.first(met, |rule| rule.said.then.surrogate_keys.as_ref());
        let keys = keys.into_iter().flatten().filter(|_| tagged);
        keys.map(SurrogateKey::as_str).filter_map(|key| HeaderValue::from_str(key).ok()).for_each(
            |key| {
                headers.append(SURROGATE_KEY, key);
            },
        );
        let names = self.first(met, |rule| rule.said.then.vary.as_ref());
        let names = names.into_iter().flatten().filter(|_| varied);
        let names = names.filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok());
        vary::add_names(headers, &names.collect::<Vec<_>>());
    }

    /// Whether there is a rule that has something to say of answers.
    #[must_use]
    pub fn see_answers(&self) -> bool {
        self.sees_answers
    }

    /// What takes the place of an answer, by rules that look at it.
    #[must_use]
    pub fn end_late(&self, met: &Met) -> Option<(&End, &str)> {
        self.first(met, |rule| Some((rule.said.then.end.as_ref()?, rule.name())))
    }

    /// Makes the changes of an answer's headers, rule after rule.
    pub fn change_answer(&self, met: &Met, headers: &mut HeaderMap) {
        self.met(met).for_each(|rule| rule.answer.make(headers));
    }
}
