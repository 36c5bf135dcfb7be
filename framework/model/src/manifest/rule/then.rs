//! [`Then`]: what a rule sets.

mod action;

use std::time::Duration;

pub use action::{End, HeaderChanges, PathRewrite, Redirect, Synthetic};

use crate::key::SurrogateKey;
use crate::manifest::ServiceCache;
use crate::name::BackendName;
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
    /// Whether the ESI tags of a backend's response are processed, each time it is answered with.
    pub esi: Option<bool>,
    /// The backend or director that the request is sent to.
    pub backend: Option<BackendName>,
    /// Another path for the request; the query stays.
    pub rewrite_path: Option<PathRewrite>,
    /// Another Host for the request, in lower case, with or without port.
    pub rewrite_host: Option<String>,
    /// Changes of the request's headers, before the cache is asked.
    pub request_headers: HeaderChanges,
    /// Changes of the headers of a backend's response, before the cache judges it.
    pub origin_headers: HeaderChanges,
    /// Changes of the headers of what is answered, each time it is.
    pub response_headers: HeaderChanges,
    /// What is answered in place of anything else.
    pub end: Option<End>,
}

impl Then {
    /// Whether it keeps a request out, or what it is answered from others.
    pub(super) fn withholds(&self) -> bool {
        matches!(self.end, Some(End::Deny { .. }))
            || self.pass == Some(true)
            || self.cache == Some(ServiceCache::Off)
            || self.uncacheable == Some(true)
    }
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
