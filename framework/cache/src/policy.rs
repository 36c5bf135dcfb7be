//! What a service's settings, a handler or a rule say to the cache: the choices that RFC 9111 leaves to its operator.
//!
//! Two profiles give the settings their defaults; each can be set by itself. No setting and no override lifts a
//! prohibition to store, with one exception that is the operator's own: [`SetCookie`] forbids what RFC 9111 section
//! 7.3 allows.

use std::time::Duration;

use http::StatusCode;

use crate::fresh::Freshness;

/// Long enough to bridge an outage that somebody is repairing, short enough that nobody reads last week's prices.
const DISCONNECTED: Duration = Duration::from_secs(60 * 60);

/// The lifetime that Fastly documents for cacheable responses that say nothing about it.
const FASTLY_DEFAULT_TTL: Duration = Duration::from_secs(120);

/// Whose rules decide where nothing explicit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// RFC 9111: its heuristically cacheable statuses, and its heuristic.
    #[default]
    Rfc,
    /// Fastly's documented rules: its list of statuses, a default lifetime, no heuristic.
    Fastly,
}

impl Profile {
    /// The profile's word, as in `cache_profile`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rfc => "rfc",
            Self::Fastly => "fastly",
        }
    }
}

/// What becomes of a response with `Set-Cookie`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SetCookie {
    /// It is stored like any other (RFC 9111 section 7.3).
    #[default]
    Store,
    /// It is not stored.
    Pass,
}

/// The statuses of an origin that count as errors, each from 500 to 599.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErrorStatuses {
    /// One bit for each, from 500 on.
    bits: u128,
}

impl ErrorStatuses {
    /// No status does.
    pub const NONE: Self = Self { bits: 0 };

    /// 500, 502, 503 and 504: the results that RFC 5861 section 4 calls an error.
    pub const RFC_5861: Self = Self { bits: 0b11101 };

    /// These statuses; what is outside of 500 to 599 is no server error (RFC 9110 section 15.6) and left out.
    #[must_use]
    pub fn of(statuses: impl IntoIterator<Item = u16>) -> Self {
        let bits = statuses.into_iter().map(bit).fold(0, |all, bit| all | bit);
        Self { bits }
    }

    /// Whether a status is one of them.
    #[must_use]
    pub fn contains(self, status: StatusCode) -> bool {
        self.bits & bit(status.as_u16()) != 0
    }
}

fn bit(status: u16) -> u128 {
    match status {
        500..=599 => 1 << (status - 500),
        _ => 0,
    }
}

/// What a service's settings say to the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whose rules decide where nothing explicit does.
    pub profile: Profile,
    /// The lifetime of cacheable responses that say nothing about it; replaces the heuristic when it is set.
    pub default_ttl: Option<Duration>,
    /// What becomes of a response with `Set-Cookie`.
    pub set_cookie: SetCookie,
    /// Whether a client's `Cache-Control` and `Pragma` say what may answer it. They are advice (RFC 9111 section
    /// 5.2.1), and a cache that takes it lets every client reach the origin.
    pub request_directives: bool,
    /// Whether `s-maxage` forbids serving stale even where `stale-while-revalidate` or `stale-if-error` stands beside
    /// it: the strict reading of RFC 9111 section 5.2.2.10.
    pub strict: bool,
    /// How long after its expiry a response may answer when the origin cannot be reached and nothing forbids it (RFC
    /// 9111 section 4.2.4); zero switches that off.
    pub stale_if_disconnected: Duration,
    /// The statuses of the origin that count as errors for `stale-if-error`.
    pub stale_on: ErrorStatuses,
}

impl Policy {
    /// RFC 9111 as it stands: no default lifetime, cookies are stored, the client's advice is not taken, and one hour
    /// of stale answers when the origin is gone.
    #[must_use]
    pub const fn rfc() -> Self {
        Self {
            profile: Profile::Rfc,
            default_ttl: None,
            set_cookie: SetCookie::Store,
            request_directives: false,
            strict: false,
            stale_if_disconnected: DISCONNECTED,
            stale_on: ErrorStatuses::RFC_5861,
        }
    }

    /// What Fastly documents: 120 seconds by default, cookies are not stored, and stale answers only where the origin
    /// asked for them and could not be reached; an answer with an error status is an answer there.
    #[must_use]
    pub const fn fastly() -> Self {
        Self {
            profile: Profile::Fastly,
            default_ttl: Some(FASTLY_DEFAULT_TTL),
            set_cookie: SetCookie::Pass,
            stale_if_disconnected: Duration::ZERO,
            stale_on: ErrorStatuses::NONE,
            ..Self::rfc()
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::rfc()
    }
}

/// What a handler or a rule says about whether a response is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Storing {
    /// As the response and the settings say.
    #[default]
    AsSaid,
    /// It is stored although nothing says so: its status and its lack of freshness do not count against it, nor does
    /// [`SetCookie::Pass`]. What RFC 9111 forbids stays forbidden under [`Profile::Rfc`]; whoever means to store it all
    /// the same takes the field away that forbids it. Under [`Profile::Fastly`] the decision wins over `no-store`,
    /// `private` and `Authorization` too, as it does there.
    Store,
    /// It is not stored, and that is remembered, so that the next requests do not wait for each other.
    Refuse,
    /// It is not stored, and nothing is remembered of it: of those that wait, one is the next to ask.
    RefuseUnmarked,
}

/// What a handler or a rule says about one response. Prohibitions to store it, to serve it stale, or to use it without
/// validation still hold, but for what [`Storing::Store`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Override {
    /// How long it is fresh from its receipt on, whatever the response says; see [`Override::any_status`].
    pub ttl: Option<Duration>,
    /// Whether `ttl` is meant for every status. Without it, it is for those that say what is or is not there (200, 203,
    /// 204, redirections, 404, 410): one client's bad request, or one failure of the origin, must not become
    /// everybody's answer.
    pub any_status: bool,
    /// How long after its expiry it may answer while it is validated, whatever `stale-while-revalidate` says.
    pub stale_while_revalidate: Option<Duration>,
    /// How long after its expiry it may answer instead of an error, whatever `stale-if-error` says.
    pub stale_if_error: Option<Duration>,
    /// Whether it is stored.
    pub storing: Storing,
    /// The life that a cache of ours which it comes from has given it, with the age that it has there: it lives as long
    /// here, whatever else is said.
    pub life: Option<Freshness>,
}

impl Override {
    /// The lifetime for a response with this status, if one is set for it.
    #[must_use]
    pub fn ttl_for(&self, status: StatusCode) -> Option<Duration> {
        let settled =
            matches!(status.as_u16(), 200 | 203 | 204 | 300..=303 | 307 | 308 | 404 | 410);
        self.ttl.filter(|_| settled || self.any_status)
    }

    /// What this says, and what `base` says where this says nothing.
    #[must_use]
    pub fn or(self, base: Self) -> Self {
        let of_ttl = if self.ttl.is_some() { self } else { base };
        Self {
            ttl: of_ttl.ttl,
            any_status: of_ttl.any_status,
            stale_while_revalidate: self.stale_while_revalidate.or(base.stale_while_revalidate),
            stale_if_error: self.stale_if_error.or(base.stale_if_error),
            storing: if self.storing == Storing::AsSaid { base.storing } else { self.storing },
            life: self.life.or(base.life),
        }
    }

    /// Whether the decision to store wins over what the response and its request forbid.
    pub(crate) fn lifts_prohibitions(&self, policy: &Policy) -> bool {
        self.storing == Storing::Store && policy.profile == Profile::Fastly
    }
}

#[cfg(test)]
mod tests;
