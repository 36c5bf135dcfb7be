//! How long a response is fresh, and who said so (RFC 9111 section 4.2).
//!
//! The order: an override, then the field that governs (a targeted field, `Surrogate-Control`, or `s-maxage`,
//! `max-age` and `Expires`), then the service's default, then the heuristic. What comes from another cache of ours with
//! a life of its own keeps that. Whether it may be stored is decided in `storable`, how long it may be served stale in
//! `stale`.

use http::StatusCode;
use http::header::{DATE, EXPIRES, LAST_MODIFIED};

use crate::control::CacheControl;
use crate::decision::NoStore;
use crate::governing::Governing;
use crate::policy::{Override, Policy, Profile, Storing};
use crate::stale::StaleRules;
use crate::storable::ResponseView;
use crate::when::{DateField, Times, date_field, initial_age_ms, millis};

/// The heuristic grants a tenth of the time since the last modification (RFC 9111 section 4.2.2).
const HEURISTIC_DIVISOR: u64 = 10;

/// Who decided on the lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FreshnessSource {
    /// A handler or a rule.
    Override,
    /// `s-maxage` or `max-age` of a targeted field.
    Targeted,
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
    /// Code, of an object that it stores; what [`object`](crate::object) says of its life counts, and no field.
    Object,
    /// Nobody: the lifetime is zero, and every use needs validation.
    None,
}

impl FreshnessSource {
    /// The source's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::Targeted => "targeted",
            Self::SurrogateControl => "surrogate-control",
            Self::SMaxAge => "s-maxage",
            Self::MaxAge => "max-age",
            Self::Expires => "expires",
            Self::DefaultTtl => "default-ttl",
            Self::Heuristic => "heuristic",
            Self::Object => "object",
            Self::None => "none",
        }
    }
}

/// How long a response is fresh, counted from its making at the origin, and what it says about its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// The freshness lifetime in milliseconds.
    pub lifetime_ms: u64,
    /// How old it was when it arrived, in milliseconds.
    pub initial_age_ms: u64,
    /// Who decided on the lifetime.
    pub source: FreshnessSource,
    /// What it says about being served stale.
    pub stale: StaleRules,
    /// Whether it says `no-cache`: however fresh, each use needs validation.
    pub always_validate: bool,
    /// Whether it says `immutable`: while it is fresh, a reload is no reason to validate it (RFC 8246).
    pub immutable: bool,
}

impl Freshness {
    /// How long a response of this age stays fresh, in milliseconds. It is fresh while its lifetime is greater than
    /// its age, not when they are equal, so 0 means that it has expired.
    #[must_use]
    pub fn ttl_ms(&self, age_ms: u64) -> u64 {
        self.lifetime_ms.saturating_sub(age_ms)
    }

    /// How long ago a response of this age expired, in milliseconds; 0 too if it has not.
    #[must_use]
    pub fn late_ms(&self, age_ms: u64) -> u64 {
        age_ms.saturating_sub(self.lifetime_ms)
    }

    /// The same for a response that was at least so old when it arrived. An override says what remains, so that its
    /// lifetime grows with the age.
    pub(crate) fn aged(self, age_ms: u64) -> Self {
        let more_ms = age_ms.saturating_sub(self.initial_age_ms);
        let longer_ms = if self.source == FreshnessSource::Override { more_ms } else { 0 };
        Self {
            lifetime_ms: self.lifetime_ms.saturating_add(longer_ms),
            initial_age_ms: self.initial_age_ms.saturating_add(more_ms),
            ..self
        }
    }
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
    if let Some(life) = over.life {
        // `Age` is in whole seconds, and says no more.
        return Ok(Freshness { initial_age_ms: initial_age_ms.max(life.initial_age_ms), ..life });
    }
    let (source, lifetime_ms) = overridden(over, response.status, initial_age_ms)
        .or_else(|| explicit(response, governing, policy, times))
        .map_or_else(|| implicit(response, governing, policy, over, times), Ok)?;
    let control = governing.directives();
    let stale = StaleRules::of(control, policy, over);
    let (always_validate, immutable) = (control.no_cache, control.immutable);
    Ok(Freshness { lifetime_ms, initial_age_ms, source, stale, always_validate, immutable })
}

type Lifetime = (FreshnessSource, u64);

/// An override is what remains, so the age on arrival comes on top.
fn overridden(over: &Override, status: StatusCode, initial_age_ms: u64) -> Option<Lifetime> {
    let remaining_ms = millis(over.ttl_for(status)?);
    Some((FreshnessSource::Override, remaining_ms.saturating_add(initial_age_ms)))
}

fn explicit(
    response: &ResponseView<'_>,
    governing: &Governing,
    policy: &Policy,
    times: Times,
) -> Option<Lifetime> {
    match governing {
        Governing::Targeted(control) => {
            by_directive(control).map(|(_, ms)| (FreshnessSource::Targeted, ms))
        }
        Governing::Surrogate(control) => {
            control.max_age.lifetime_ms().map(|ms| (FreshnessSource::SurrogateControl, ms))
        }
        Governing::CacheControl(control) => {
            by_directive(control).or_else(|| by_expires(response, policy, times))
        }
    }
}

fn by_directive(control: &CacheControl) -> Option<Lifetime> {
    let s_maxage = control.s_maxage.lifetime_ms().map(|ms| (FreshnessSource::SMaxAge, ms));
    s_maxage.or_else(|| control.max_age.lifetime_ms().map(|ms| (FreshnessSource::MaxAge, ms)))
}

/// An invalid `Expires` means that the response has expired (RFC 9111 section 5.3); to Fastly it means nothing.
fn by_expires(response: &ResponseView<'_>, policy: &Policy, times: Times) -> Option<Lifetime> {
    let lifetime_ms = match date_field(response.headers, EXPIRES, times.received_at_ms) {
        DateField::Absent => return None,
        DateField::Invalid if policy.profile == Profile::Fastly => return None,
        DateField::Invalid => 0,
        DateField::At(expires) => expires.saturating_sub(date_or_receipt(response, times)),
    };
    Some((FreshnessSource::Expires, lifetime_ms))
}

/// The lifetime of a response that says nothing about it, if its status, `public` or a decision of its own lets it be
/// stored at all. It may be zero: what can be validated is worth keeping even so.
fn implicit(
    response: &ResponseView<'_>,
    governing: &Governing,
    policy: &Policy,
    over: &Override,
    times: Times,
) -> Result<Lifetime, NoStore> {
    let (cacheable, heuristic) = match policy.profile {
        Profile::Rfc => {
            let public = governing.directives().public;
            (public || is_heuristically_cacheable(response.status), heuristic(response, times))
        }
        Profile::Fastly => (is_fastly_cacheable(response.status), None),
    };
    let default = policy.default_ttl.map(|ttl| (FreshnessSource::DefaultTtl, millis(ttl)));
    match cacheable || over.storing == Storing::Store {
        true => Ok(default.or(heuristic).unwrap_or((FreshnessSource::None, 0))),
        false => Err(NoStore::Status),
    }
}

/// A `Date` in the future must not lengthen the guess, so the time of receipt caps it.
fn heuristic(response: &ResponseView<'_>, times: Times) -> Option<Lifetime> {
    let modified = date_field(response.headers, LAST_MODIFIED, times.received_at_ms).at()?;
    let made = date_or_receipt(response, times).min(times.received_at_ms);
    Some((FreshnessSource::Heuristic, made.saturating_sub(modified) / HEURISTIC_DIVISOR))
}

fn date_or_receipt(response: &ResponseView<'_>, times: Times) -> u64 {
    let now_ms = times.received_at_ms;
    date_field(response.headers, DATE, now_ms).at().unwrap_or(now_ms)
}

/// RFC 9110 section 15.1; 206 is on that list too, but parts are refused before anyone asks.
pub(crate) fn is_heuristically_cacheable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// The statuses that Fastly documents as cached by default.
fn is_fastly_cacheable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 300 | 301 | 302 | 404 | 410)
}
