//! [`Then`]: what a rule sets.

use std::time::Duration;

use crate::key::SurrogateKey;
use crate::manifest::ServiceCache;
use crate::pattern::TextPattern;

/// What a rule sets: at least one thing, and nothing that contradicts another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Then {
    /// Whether the cache is passed: not asked, and nothing stored.
    pub pass: Option<bool>,
    /// Whether the request meets a cache layer at all.
    pub cache: Option<ServiceCache>,
    /// How the cache key differs from host, path and query.
    pub key: Option<KeyChange>,
    /// How long the response stays fresh, whatever it says itself.
    pub ttl: Option<Duration>,
    /// How long after that it may answer while it is revalidated in the background, whatever it says itself.
    pub stale_while_revalidate: Option<Duration>,
    /// How long after that it may answer when the backend fails, whatever it says itself.
    pub stale_if_error: Option<Duration>,
    /// Tags to purge it by, in addition to its own; at least one.
    pub surrogate_keys: Option<Vec<SurrogateKey>>,
    /// Lower-case names of request headers that select among variants, in addition to those of its `Vary`; at least
    /// one.
    pub vary: Option<Vec<String>>,
    /// Whether it is not stored, although it could be.
    pub uncacheable: Option<bool>,
    /// Whether requests for the same thing wait for one fetch.
    pub collapse: Option<bool>,
}

/// How a cache key differs from host, path and query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyChange {
    /// Parameters of the query that are left out.
    pub ignore_query: IgnoreQuery,
    /// Whether the order of parameters does not matter; those of one name keep theirs.
    pub sort_query: bool,
    /// Lower-case names of request headers whose values are added.
    pub add_headers: Vec<String>,
    /// Names of cookies whose values are added.
    pub add_cookies: Vec<String>,
}

/// Which parameters of a query are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IgnoreQuery {
    /// None.
    #[default]
    Nothing,
    /// The whole query.
    All,
    /// Those whose decoded name matches one of these; at least one pattern.
    Named(Vec<TextPattern>),
}
