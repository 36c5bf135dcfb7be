//! [`When`]: which requests a rule is for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::RequestFacts;
use super::wanted::{Wanted, all_met, text};
use crate::cookie;
use crate::manifest::{Network, PathPattern};
use crate::pattern::TextPattern;
use crate::query::parameters;

/// Which requests a rule is for; what is absent or empty matches everything, and all that is there must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// The methods, as written.
    pub method: Vec<String>,
    /// The host, in lower case and without port.
    pub host: Option<TextPattern>,
    /// The path, compared in its normal form.
    pub path: Option<PathPattern>,
    /// Parameters of the query by name, both compared in decoded form.
    pub query: BTreeMap<String, Wanted>,
    /// Headers by lower-case name; each line is compared by itself.
    pub header: BTreeMap<String, Wanted>,
    /// Cookies by name.
    pub cookie: BTreeMap<String, Wanted>,
    /// Blocks of client addresses, of which one must contain the client.
    pub client: Vec<Network>,
}

impl When {
    /// Whether this request is meant.
    pub fn matches(&self, request: &RequestFacts<'_>) -> bool {
        self.is_for_method(request.method)
            && self.is_for_host(request.host)
            && self.path.as_ref().is_none_or(|path| path.matches(request.normalised_path))
            && self.is_for_client(request)
            && all_met(&self.query, |name| values_in_query(request, name))
            && all_met(&self.header, |name| (request.headers)(name).into_iter().map(text))
            && all_met(&self.cookie, |name| cookies(request, name))
    }

    fn is_for_method(&self, method: &str) -> bool {
        self.method.is_empty() || self.method.iter().any(|known| known == method)
    }

    fn is_for_host(&self, host: &str) -> bool {
        let matches = |pattern: &TextPattern| pattern.matches(&bare_host(host));
        self.host.as_ref().is_none_or(matches)
    }

    fn is_for_client(&self, request: &RequestFacts<'_>) -> bool {
        let inside = |client| self.client.iter().any(|network| network.contains(client));
        self.client.is_empty() || request.client.is_some_and(inside)
    }
}

/// A host in lower case and without port. The colons of an IPv6 literal are no port.
fn bare_host(host: &str) -> String {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.to_ascii_lowercase()
}

fn values_in_query<'a>(request: &RequestFacts<'a>, name: &str) -> Vec<Cow<'a, str>> {
    let named = request.query.into_iter().flat_map(parameters).filter(|p| p.name() == name);
    named.map(|parameter| parameter.value()).collect()
}

fn cookies<'a>(request: &RequestFacts<'a>, name: &str) -> Vec<Cow<'a, str>> {
    cookie::values((request.headers)("cookie"), name).map(text).collect()
}
