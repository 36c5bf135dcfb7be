//! A delivery service's rules: what the cache does for a request.
//!
//! For each action the first matching rule that sets it decides. Matching runs on a normalised
//! copy of the path; the path itself is forwarded as it was received.

use std::time::Duration;

use http::request::Parts;
use selvedge_model::manifest::{Rule, normalise_path};

/// The rules of one service, in order.
pub struct Rules(Vec<Rule>);

/// What the rules say of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Neither look up nor store.
    pub pass: bool,
    /// Store the response for so long.
    pub ttl: Option<Duration>,
}

impl Rules {
    /// The rules of a manifest, in its order.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        Self(rules.to_vec())
    }

    /// What the rules say of this request.
    #[must_use]
    pub fn plan(&self, request: &Parts) -> Plan {
        let path = normalise_path(request.uri.path());
        let method = request.method.as_str();
        let matching = || self.0.iter().filter(|rule| rule.when.matches(method, &path));
        Plan {
            pass: matching().find_map(|rule| rule.then.pass).unwrap_or(false),
            ttl: matching().find_map(|rule| rule.then.ttl),
        }
    }
}
