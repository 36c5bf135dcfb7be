//! What a client's `Cache-Control` asks of the cache, and whether the service listens (RFC 9111 sections 5.2.1, 5.4).
//!
//! Request directives are advice. A service ignores them unless its policy says otherwise, so that a reload in a
//! browser does not reach the origin; `no-store` alone always counts, since it is about what is kept.

use std::time::Duration;

use http::HeaderMap;
use http::header::{
    CACHE_CONTROL, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
    PRAGMA, RANGE,
};

use crate::control::Delta;
use crate::directive::{Directive, directives};
use crate::policy::Policy;
use crate::when::millis;

/// The request directives that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestDirectives {
    /// `no-cache`: nothing stored may answer without validation. `Pragma: no-cache` says the same to those who get no
    /// `Cache-Control`.
    pub no_cache: bool,
    /// `no-store`: the answer to this request must not be kept. What is stored already may answer it.
    pub no_store: bool,
    /// `only-if-cached`: a 504 is wanted rather than a request to the origin.
    pub only_if_cached: bool,
    /// `max-age`: nothing older than this may answer; zero if its value is not a number.
    pub max_age: Option<Duration>,
    /// `min-fresh`: what answers must stay fresh for at least as long; ignored if its value is not a number.
    pub min_fresh: Option<Duration>,
    /// `max-stale`: what has expired may answer; ignored if its value is not a number.
    pub max_stale: MaxStale,
}

/// How stale an answer the client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MaxStale {
    /// It did not say that it takes any.
    #[default]
    Unwanted,
    /// One that expired at most so long ago.
    Within(Duration),
    /// Any.
    Any,
}

impl MaxStale {
    /// Whether the client takes a response that expired `late_ms` ago.
    #[must_use]
    pub fn covers(self, late_ms: u64) -> bool {
        match self {
            Self::Unwanted => false,
            Self::Within(limit) => late_ms <= millis(limit),
            Self::Any => true,
        }
    }
}

/// Whether a request says anything of how it may be answered from what is stored: directives, conditions, a range. Most
/// say nothing, and to look at their names once is less work than to look each of these up.
#[must_use]
pub fn says_how(request_headers: &HeaderMap) -> bool {
    request_headers.keys().any(|name| {
        matches!(
            *name,
            CACHE_CONTROL
                | PRAGMA
                | IF_MATCH
                | IF_NONE_MATCH
                | IF_MODIFIED_SINCE
                | IF_UNMODIFIED_SINCE
                | IF_RANGE
                | RANGE
        )
    })
}

impl RequestDirectives {
    /// Reads the request's header section as far as `policy` listens to it.
    #[must_use]
    pub fn of(request_headers: &HeaderMap, policy: &Policy) -> Self {
        let said = Self::read(request_headers);
        match policy.request_directives {
            true => said,
            false => Self { no_store: said.no_store, ..Self::default() },
        }
    }

    fn read(request_headers: &HeaderMap) -> Self {
        let mut said = Self::default();
        match request_headers.contains_key(CACHE_CONTROL) {
            true => directives(request_headers, CACHE_CONTROL).for_each(|it| said.take(&it)),
            false => said.no_cache = pragma_no_cache(request_headers),
        }
        said
    }

    fn take(&mut self, directive: &Directive<'_>) {
        match directive.name().as_ref() {
            b"no-cache" => self.no_cache = true,
            b"no-store" => self.no_store = true,
            b"only-if-cached" => self.only_if_cached = true,
            b"max-age" => self.max_age = Some(shorter(self.max_age, seconds(directive))),
            b"min-fresh" => self.min_fresh = self.min_fresh.max(seconds(directive)),
            b"max-stale" => self.max_stale = max_stale(directive),
            _ => {}
        }
    }
}

/// Only the directive `no-cache` of `Pragma` has a meaning (section 5.4).
fn pragma_no_cache(request_headers: &HeaderMap) -> bool {
    directives(request_headers, PRAGMA).any(|directive| directive.name().as_ref() == b"no-cache")
}

fn seconds(directive: &Directive<'_>) -> Option<Duration> {
    match directive.seconds() {
        Delta::Seconds(seconds) => Some(Duration::from_secs(seconds)),
        Delta::Invalid | Delta::Absent => None,
    }
}

/// Of two `max-age` the one that asks for more counts; an invalid one asks for validation.
fn shorter(before: Option<Duration>, now: Option<Duration>) -> Duration {
    let now = now.unwrap_or_default();
    before.map_or(now, |before| before.min(now))
}

fn max_stale(directive: &Directive<'_>) -> MaxStale {
    match (directive.has_argument(), seconds(directive)) {
        (false, _) => MaxStale::Any,
        (true, Some(limit)) => MaxStale::Within(limit),
        (true, None) => MaxStale::Unwanted,
    }
}

#[cfg(test)]
mod tests;
