//! How long a response may answer after its expiry, and on whose permission (RFC 9111 section 4.2.4, RFC 5861).
//!
//! What may be served stale while all is well is decided in `reuse`; here stands what each response allows, and what
//! may be served when the origin has failed. Nobody is warned: `Warning` is obsolete, and `Age` tells the truth.

use http::StatusCode;

use crate::control::CacheControl;
use crate::entry::StoredHead;
use crate::policy::{Override, Policy};
use crate::when::millis;

/// What a stored response says about being served stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StaleRules {
    /// `must-revalidate`, `proxy-revalidate` or `no-cache`: never, whoever asks for it.
    pub forbidden: bool,
    /// `stale-while-revalidate` in milliseconds after the expiry.
    pub while_revalidate_ms: u64,
    /// `stale-if-error` in milliseconds after the expiry.
    pub if_error_ms: u64,
    /// `s-maxage`, which implies `proxy-revalidate` (RFC 9111 section 5.2.2.10): not unless the response says so
    /// itself. What the two directives above permit is said by the response, and holds.
    pub implicit_forbidden: bool,
}

impl StaleRules {
    /// What `control` says, with what a handler or a rule puts in its place. By the strict reading `s-maxage` takes
    /// the response's own permissions away too; those of an override stay, since the operator gave them.
    #[must_use]
    pub fn of(control: &CacheControl, policy: &Policy, over: &Override) -> Self {
        let implicit_forbidden = control.s_maxage.lifetime_ms().is_some();
        let void = implicit_forbidden && policy.strict;
        let said = |window_ms: Option<u64>| window_ms.filter(|_| !void).unwrap_or(0);
        let while_revalidate_ms = said(control.stale_while_revalidate.lifetime_ms());
        let if_error_ms = said(control.stale_if_error.lifetime_ms());
        Self {
            forbidden: control.must_revalidate || control.proxy_revalidate || control.no_cache,
            while_revalidate_ms: over.stale_while_revalidate.map_or(while_revalidate_ms, millis),
            if_error_ms: over.stale_if_error.map_or(if_error_ms, millis),
            implicit_forbidden,
        }
    }

    /// Whether the response itself permits to be served `late_ms` after its expiry, in whatever circumstances.
    #[must_use]
    pub fn permit(&self, late_ms: u64) -> bool {
        let window_ms = self.while_revalidate_ms.max(self.if_error_ms);
        !self.forbidden && is_within(late_ms, window_ms)
    }
}

/// On whose permission a stale response answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StalePermission {
    /// `stale-while-revalidate`: it is validated in the background.
    WhileRevalidate,
    /// `stale-if-error`: the origin failed.
    IfError,
    /// Nobody's but that of RFC 9111 section 4.2.4: the origin cannot be reached, and nothing forbids it.
    Disconnected,
    /// The request's `max-stale`.
    MaxStale,
}

impl StalePermission {
    /// The permission's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WhileRevalidate => "stale-while-revalidate",
            Self::IfError => "stale-if-error",
            Self::Disconnected => "disconnected",
            Self::MaxStale => "max-stale",
        }
    }

    /// Whether the response answered before anybody asked the origin, so that RFC 9211 calls it a hit.
    #[must_use]
    pub fn is_unasked(self) -> bool {
        matches!(self, Self::WhileRevalidate | Self::MaxStale)
    }
}

/// How the origin failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// It could not be reached, or it broke off before its answer was there.
    Disconnected,
    /// It answered with this status, which may or may not be an error.
    Status(StatusCode),
}

/// Whether the stored response may answer now that the origin has failed, and on whose permission.
///
/// An answer with an error status is an answer: only `stale-if-error` and the policy together make it a failure (RFC
/// 9111 section 4.3.3 leaves that open). A response that is still fresh, and was to be validated because the client
/// wanted so, is treated as one that has expired just now.
#[must_use]
pub fn may_serve_stale(
    head: &StoredHead,
    policy: &Policy,
    failure: Failure,
    now_ms: u64,
) -> Option<StalePermission> {
    let freshness = head.freshness();
    let rules = &freshness.stale;
    let late_ms = freshness.late_ms(head.age_ms(now_ms));
    match failure {
        _ if rules.forbidden => None,
        Failure::Status(status) if !policy.stale_on.contains(status) => None,
        _ if is_within(late_ms, rules.if_error_ms) => Some(StalePermission::IfError),
        Failure::Status(_) => None,
        Failure::Disconnected => disconnected(rules, policy, late_ms),
    }
}

/// What may be served while the origin answers may be served all the more when it does not.
fn disconnected(rules: &StaleRules, policy: &Policy, late_ms: u64) -> Option<StalePermission> {
    if is_within(late_ms, rules.while_revalidate_ms) {
        return Some(StalePermission::WhileRevalidate);
    }
    let bridged = is_within(late_ms, millis(policy.stale_if_disconnected));
    (bridged && !rules.implicit_forbidden).then_some(StalePermission::Disconnected)
}

/// The end of a window belongs to it; a window of zero permits nothing, not even at the moment of the expiry.
pub(crate) fn is_within(late_ms: u64, window_ms: u64) -> bool {
    window_ms > 0 && late_ms <= window_ms
}

#[cfg(test)]
mod tests;
