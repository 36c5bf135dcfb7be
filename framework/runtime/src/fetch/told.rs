//! What the cache did, noted on the hop for headers, log and inspector.

use selvedge::{Error, Fault, Refusal, Result};
use selvedge_cache::{
    entry::{Entry, StoredHead},
    key::Key,
};

use super::{answer::Told, asked::Asked};
use crate::{
    flight::Landing,
    hop::{Hop, Object},
};

pub(super) fn object(hop: &Hop, key: &Key, head: &StoredHead) -> Object {
    let now_ms = hop.world().clock.now_ms();
    let stale = head.freshness().stale;
    Object {
        key: format!("{}/{key}", hop.service.name()),
        fetched_ms: head.received_at_ms,
        ttl_ms: head.ttl_ms(now_ms),
        grace_ms: stale.while_revalidate_ms.max(stale.if_error_ms),
        age_ms: head.age_ms(now_ms),
    }
}

/// Notes what the cache did where nothing of the shelf was served.
pub(super) fn note(hop: &Hop, told: Told) {
    hop.note(told.outcome(0));
}

/// Notes what the cache did where something was served on its way to the shelf.
pub(super) fn note_landing(hop: &Hop, asked: &Asked, landing: &Landing, told: Told) {
    hop.note_object(|| object(hop, &asked.key, &landing.head));
    hop.note(told.outcome(landing.head.hits()));
}

pub(super) fn failed<T>(hop: &Hop, told: Told, error: Error) -> Result<T> {
    note(hop, told);
    Err(error)
}

/// Where the backend failed and the stored response itself forbids being served stale, that is the
/// reason (RFC 9111 section 5.2.2.2).
pub(super) fn forbidden(candidates: &[Entry], error: Error) -> Error {
    let rules = candidates.first().map(|entry| entry.head.freshness().stale);
    let rules = rules.filter(|_| error.fault() == Fault::Backend);
    match rules {
        Some(rules) if rules.forbidden || rules.implicit_forbidden => {
            Error::new(Refusal::ValidationFailed, error.chain())
        }
        _ => error,
    }
}
