//! May a stored response answer this request: as it is, stale, or after validation (RFC 9111 sections 4 and 4.2).
//!
//! Which stored response is asked about has been chosen before, by key and `Vary`. What happens when validation fails
//! is decided in `stale`.

use crate::decision::MissReason;
use crate::entry::StoredHead;
use crate::fresh::Freshness;
use crate::request::{MaxStale, RequestDirectives};
use crate::stale::{StalePermission, is_within};
use crate::when::millis;

/// What can be done with a stored response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// It answers.
    Fresh {
        /// Its age in milliseconds.
        age_ms: u64,
        /// How long it stays fresh, in milliseconds; never 0.
        ttl_ms: u64,
    },
    /// It answers although its lifetime is over.
    Stale {
        /// On whose permission: [`StalePermission::WhileRevalidate`], which obliges to validate it once in the
        /// background, or [`StalePermission::MaxStale`].
        permission: StalePermission,
        /// Its age in milliseconds.
        age_ms: u64,
        /// How long ago it expired, in milliseconds.
        late_ms: u64,
    },
    /// The origin has to be asked first.
    Validate(ValidateReason),
}

/// Why a stored response cannot answer without the origin's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValidateReason {
    /// Its lifetime is over.
    Stale,
    /// It says `no-cache` (RFC 9111 section 5.2.2.4).
    NoCache,
    /// The request's directives want a newer one.
    Requested,
}

impl ValidateReason {
    /// The reason's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::NoCache => "no-cache",
            Self::Requested => "requested",
        }
    }

    /// The miss that asking the origin amounts to. RFC 9211 section 2.2 has no word of its own for `no-cache`; what
    /// must not be used as it is counts as stale.
    #[must_use]
    pub fn miss(self) -> MissReason {
        match self {
            Self::Stale | Self::NoCache => MissReason::Stale,
            Self::Requested => MissReason::Request,
        }
    }
}

/// What can be done with `head` for a request with these directives; all-default ones ask for nothing.
#[must_use]
pub fn reuse(head: &StoredHead, request: &RequestDirectives, now_ms: u64) -> Reuse {
    let age_ms = head.age_ms(now_ms);
    let freshness = &head.freshness();
    match freshness.ttl_ms(age_ms) {
        _ if freshness.always_validate => Reuse::Validate(ValidateReason::NoCache),
        _ if request.no_cache => Reuse::Validate(ValidateReason::Requested),
        0 => expired(freshness, request, age_ms),
        ttl_ms if is_wanted(freshness, request, age_ms, ttl_ms) => Reuse::Fresh { age_ms, ttl_ms },
        _ => Reuse::Validate(ValidateReason::Requested),
    }
}

/// A fresh and immutable response cannot have changed, so `max-age`, which is what browsers send on a reload, is no
/// reason to ask for it again; only `no-cache` is (RFC 8246 section 2).
fn is_wanted(freshness: &Freshness, request: &RequestDirectives, age_ms: u64, ttl_ms: u64) -> bool {
    let stays_fresh = request.min_fresh.is_none_or(|wanted| ttl_ms >= millis(wanted));
    stays_fresh && (freshness.immutable || is_young(request, age_ms))
}

fn is_young(request: &RequestDirectives, age_ms: u64) -> bool {
    request.max_age.is_none_or(|limit| age_ms <= millis(limit))
}

fn expired(freshness: &Freshness, request: &RequestDirectives, age_ms: u64) -> Reuse {
    let late_ms = freshness.late_ms(age_ms);
    match permission(freshness, request, late_ms) {
        Some(permission) if takes_stale(request, age_ms) => {
            Reuse::Stale { permission, age_ms, late_ms }
        }
        _ => Reuse::Validate(ValidateReason::Stale),
    }
}

/// The origin's permission comes first, because it brings a newer response; `s-maxage` does not touch it.
fn permission(
    freshness: &Freshness,
    request: &RequestDirectives,
    late_ms: u64,
) -> Option<StalePermission> {
    let rules = &freshness.stale;
    if rules.forbidden {
        return None;
    }
    if is_within(late_ms, rules.while_revalidate_ms) {
        return Some(StalePermission::WhileRevalidate);
    }
    let by_client = request.max_stale.covers(late_ms) && !rules.implicit_forbidden;
    by_client.then_some(StalePermission::MaxStale)
}

/// `min-fresh` asks for more than fresh, and `max-age` without `max-stale` for nothing less (RFC 9111 sections 5.2.1.1
/// and 5.2.1.3). Without either a client takes what the origin lets it have.
fn takes_stale(request: &RequestDirectives, age_ms: u64) -> bool {
    let wants_fresh = request.max_age.is_some() && request.max_stale == MaxStale::Unwanted;
    !wants_fresh && request.min_fresh.is_none() && is_young(request, age_ms)
}

#[cfg(test)]
mod tests;
