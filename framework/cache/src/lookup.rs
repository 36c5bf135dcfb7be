//! May a request use the cache, and may a stored response answer it (RFC 9111 sections 4 and 4.2).
//!
//! Request directives such as `no-cache` or `max-stale` are advice that edges ignore; they change nothing here.

use http::Method;

use crate::decision::PassReason;
use crate::entry::StoredHead;

/// Whether a request with this method asks the cache.
///
/// # Errors
///
/// [`PassReason::Method`] for all but GET and HEAD.
pub fn may_look_up(method: &Method) -> Result<(), PassReason> {
    match *method {
        Method::GET | Method::HEAD => Ok(()),
        _ => Err(PassReason::Method),
    }
}

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
    /// Its lifetime is over.
    Stale,
}

/// A response is fresh while its lifetime is greater than its age, not when they are equal.
#[must_use]
pub fn reuse(stored: &StoredHead, now_ms: u64) -> Reuse {
    let age_ms = stored.age_ms(now_ms);
    match stored.freshness.lifetime_ms.saturating_sub(age_ms) {
        0 => Reuse::Stale,
        ttl_ms => Reuse::Fresh { age_ms, ttl_ms },
    }
}
