//! How long a response is fresh, and who said so (RFC 9111 section 4.2).
//!
//! The order: an override, then the field that governs (`Surrogate-Control` alone, or `s-maxage`, `max-age`,
//! `Expires`), then the service's default, then the heuristic. How long it may be served stale is not decided here.

use std::time::Duration;

use http::StatusCode;
use http::header::{DATE, EXPIRES, LAST_MODIFIED};

use crate::control::CacheControl;
use crate::decision::NoStore;
use crate::governing::Governing;
use crate::storable::ResponseView;
use crate::when::{DateField, Times, date_field, initial_age_ms, millis};

/// The heuristic grants a tenth of the time since the last modification (RFC 9111 section 4.2.2).
const HEURISTIC_DIVISOR: u64 = 10;

/// What a service's settings say about freshness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// The lifetime of cacheable responses that say nothing about it; replaces the heuristic when it is set.
    pub default_ttl: Option<Duration>,
}

/// What a handler or a rule says about one response's freshness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Override {
    /// How long it is fresh from its receipt on, whatever the response says. Prohibitions to store it still hold.
    pub ttl: Option<Duration>,
}

/// Who decided on the lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FreshnessSource {
    /// A handler or a rule.
    Override,
    /// `max-age` of `Surrogate-Control`.
    SurrogateControl,
    /// `s-maxage` of `Cache-Control`.
    SMaxAge,
    /// `max-age` of `Cache-Control`.
    MaxAge,
    /// `Expires`, counted from `Date`.
    Expires,
    /// The service's `default_ttl`.
    DefaultTtl,
    /// A tenth of the time between `Last-Modified` and `Date`.
    Heuristic,
}

impl FreshnessSource {
    /// The source's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::SurrogateControl => "surrogate-control",
            Self::SMaxAge => "s-maxage",
            Self::MaxAge => "max-age",
            Self::Expires => "expires",
            Self::DefaultTtl => "default-ttl",
            Self::Heuristic => "heuristic",
        }
    }
}

/// How long a response is fresh, counted from its making at the origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// The freshness lifetime in milliseconds.
    pub lifetime_ms: u64,
    /// How old it was when it arrived, in milliseconds.
    pub initial_age_ms: u64,
    /// Who decided on the lifetime.
    pub source: FreshnessSource,
}

/// The freshness of a response that `governing` decides about.
pub(crate) fn freshness(
    response: &ResponseView<'_>,
    governing: &Governing,
    policy: &Policy,
    over: &Override,
    times: Times,
) -> Result<Freshness, NoStore> {
    let initial_age_ms = initial_age_ms(response.headers, times);
    let (source, lifetime_ms) = overridden(over, initial_age_ms)
        .or_else(|| explicit(response, governing, times))
        .map_or_else(|| implicit(response, governing, policy, times), Ok)?;
    Ok(Freshness { lifetime_ms, initial_age_ms, source })
}

type Lifetime = (FreshnessSource, u64);

/// An override is what remains, so the age on arrival comes on top.
fn overridden(over: &Override, initial_age_ms: u64) -> Option<Lifetime> {
    let remaining_ms = millis(over.ttl?);
    Some((FreshnessSource::Override, remaining_ms.saturating_add(initial_age_ms)))
}

fn explicit(response: &ResponseView<'_>, governing: &Governing, times: Times) -> Option<Lifetime> {
    match governing {
        Governing::Surrogate(control) => {
            control.max_age.lifetime_ms().map(|ms| (FreshnessSource::SurrogateControl, ms))
        }
        Governing::CacheControl(control) => {
            by_directive(control).or_else(|| by_expires(response, times))
        }
    }
}

fn by_directive(control: &CacheControl) -> Option<Lifetime> {
    let s_maxage = control.s_maxage.lifetime_ms().map(|ms| (FreshnessSource::SMaxAge, ms));
    s_maxage.or_else(|| control.max_age.lifetime_ms().map(|ms| (FreshnessSource::MaxAge, ms)))
}

/// An invalid `Expires` means that the response has expired (RFC 9111 section 5.3).
fn by_expires(response: &ResponseView<'_>, times: Times) -> Option<Lifetime> {
    let lifetime_ms = match date_field(response.headers, EXPIRES) {
        DateField::Absent => return None,
        DateField::Invalid => 0,
        DateField::At(expires) => expires.saturating_sub(date_or_receipt(response, times)),
    };
    Some((FreshnessSource::Expires, lifetime_ms))
}

/// The lifetime of a response that says nothing about it, if its status or `public` allows one.
fn implicit(
    response: &ResponseView<'_>,
    governing: &Governing,
    policy: &Policy,
    times: Times,
) -> Result<Lifetime, NoStore> {
    let public = governing.directives().public;
    if !public && !is_heuristically_cacheable(response.status) {
        return Err(NoStore::Status);
    }
    match policy.default_ttl {
        Some(ttl) => Ok((FreshnessSource::DefaultTtl, millis(ttl))),
        None => heuristic(response, times).ok_or(NoStore::NoFreshness),
    }
}

/// A `Date` in the future must not lengthen the guess, so the time of receipt caps it.
fn heuristic(response: &ResponseView<'_>, times: Times) -> Option<Lifetime> {
    let modified = date_field(response.headers, LAST_MODIFIED).at()?;
    let made = date_or_receipt(response, times).min(times.received_at_ms);
    Some((FreshnessSource::Heuristic, made.saturating_sub(modified) / HEURISTIC_DIVISOR))
}

fn date_or_receipt(response: &ResponseView<'_>, times: Times) -> u64 {
    date_field(response.headers, DATE).at().unwrap_or(times.received_at_ms)
}

/// RFC 9110 section 15.1; 206 is on that list too, but parts are refused before anyone asks.
pub(crate) fn is_heuristically_cacheable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}
