//! [`When`]: which requests a rule is for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::RequestFacts;
use super::unmet::Unmet;
use super::wanted::{Wanted, first_unmet, text};
use crate::cookie;
use crate::manifest::path::{loose_path, resolve};
use crate::manifest::{Network, PathPattern, literal_path};
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

/// In which ways a path is read, to find out whether it is the one that a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readings {
    /// As the standard says, and as it stands.
    Usual,
    /// Also as a lenient server might read it.
    Any,
}

impl When {
    /// The first condition that a request does not meet.
    pub(super) fn unmet(
        &self,
        request: &RequestFacts<'_>,
        readings: Readings,
    ) -> Option<Unmet<'_>> {
        let path = self.path.as_ref().filter(|path| !is_for_path(path, request, readings));
        match () {
            () if !self.is_for_method(request.method) => Some(Unmet::Method(&self.method)),
            () if !self.is_for_host(request.host) => self.host.as_ref().map(Unmet::Host),
            () if path.is_some() => path.map(Unmet::Path),
            () if !self.is_for_client(request) => Some(Unmet::Client(&self.client)),
            () => self.unmet_by_name(request),
        }
    }

    fn unmet_by_name(&self, request: &RequestFacts<'_>) -> Option<Unmet<'_>> {
        let header = |name: &str| (request.headers)(name).into_iter().map(text).collect();
        let query = first_unmet(&self.query, |name| values_in_query(request, name));
        query
            .map(|(name, wanted)| Unmet::Query(name, wanted))
            .or_else(|| {
                let unmet = first_unmet(&self.header, header);
                unmet.map(|(name, wanted)| Unmet::Header(name, wanted))
            })
            .or_else(|| {
                let unmet = first_unmet(&self.cookie, |name| cookies(request, name));
                unmet.map(|(name, wanted)| Unmet::Cookie(name, wanted))
            })
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

/// A server may read a path as its normal form says, or as it stands: a rule that is for either is for the request.
fn is_for_path(pattern: &PathPattern, request: &RequestFacts<'_>, readings: Readings) -> bool {
    pattern.matches(request.normalised_path)
        || (request.path != request.normalised_path && pattern.matches(&literal_path(request.path)))
        || (readings == Readings::Any && is_for_any_reading(pattern, request.path))
}

fn is_for_any_reading(pattern: &PathPattern, path: &str) -> bool {
    loose_path(path).is_some_and(|path| pattern.matches(&path) || pattern.matches(&resolve(&path)))
}

/// A host in lower case, without port and final dot. The colons of an IPv6 literal are no port.
fn bare_host(host: &str) -> String {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn values_in_query<'a>(request: &RequestFacts<'a>, name: &str) -> Vec<Cow<'a, str>> {
    let named = request.query.into_iter().flat_map(parameters).filter(|p| p.name() == name);
    named.map(|parameter| parameter.value()).collect()
}

fn cookies<'a>(request: &RequestFacts<'a>, name: &str) -> Vec<Cow<'a, str>> {
    cookie::values((request.headers)("cookie"), name).map(text).collect()
}
