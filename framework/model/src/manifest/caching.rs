//! How a service's cache reads the RFCs: [`CacheProfile`] and the switches that can be set one by one.

use std::time::Duration;

/// How a service's cache decides where the RFCs leave a choice, or where a CDN differs from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheSettings {
    /// Which set of rules.
    pub profile: CacheProfile,
    /// What becomes of responses that set cookies; by default as the profile does.
    pub set_cookie: SetCookie,
    /// Whether the client's `Cache-Control` is followed; edges ignore it by default.
    pub honour_request_directives: bool,
    /// Whether `s-maxage` also forbids what `stale-while-revalidate` and `stale-if-error` allow.
    pub strict_stale: bool,
    /// How long after its lifetime a response may answer when the backend cannot be reached and nothing forbids it;
    /// zero is never, `None` the cache's own default.
    pub stale_if_disconnected: Option<Duration>,
    /// The statuses of the backend, all from 500 to 599, that count as errors for `stale-if-error`; `None` the cache's
    /// own choice.
    pub stale_if_error_on: Option<Vec<u16>>,
}

/// A set of caching rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheProfile {
    /// RFC 9111 for a shared cache.
    #[default]
    Rfc,
    /// What Fastly documents.
    Fastly,
}

impl CacheProfile {
    /// The profile as the manifest writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            CacheProfile::Rfc => "rfc",
            CacheProfile::Fastly => "fastly",
        }
    }

    /// What becomes of responses that set cookies, unless the service says otherwise.
    pub fn set_cookie(self) -> SetCookie {
        match self {
            CacheProfile::Rfc => SetCookie::Store,
            CacheProfile::Fastly => SetCookie::Pass,
        }
    }
}

/// What becomes of responses that set cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SetCookie {
    /// They are stored like others (RFC 9111 section 7.3).
    #[default]
    Store,
    /// They are not stored.
    Pass,
}
