//! What to do with a request, given what is stored for it (RFC 9111 section 4): answer, ask the origin, or refuse.
//!
//! The shelf has chosen by key and `Vary`; this file puts the rules for reuse in their order. What becomes of the
//! origin's answer is decided in `receive`.

use crate::condition::must_forward;
use crate::decision::{MissReason, Verdict};
use crate::entry::Entry;
use crate::partial::covers;
use crate::policy::Policy;
use crate::request::{RequestDirectives, says_how};
use crate::rest::{Rest, rest};
use crate::reuse::Reuse;
use crate::stale::StalePermission;
pub use crate::stock::Stock;
use crate::stock::{Entries, best};
use crate::storable::RequestView;

/// What to do next.
#[derive(Debug, Clone)]
pub enum Step {
    /// Answer from what is stored.
    Serve {
        /// With this.
        entry: Entry,
        /// A hit, fresh or stale.
        verdict: Verdict,
        /// Whether it has to be validated in the background.
        refresh: bool,
    },
    /// Ask the origin.
    Forward {
        /// Because of this.
        reason: MissReason,
        /// The entries that the origin may say are still current, the best first.
        candidates: Vec<Entry>,
        /// What is missing of a stored part, where that is all that has to be asked for.
        rest: Option<Rest>,
    },
    /// The client wants nothing from the origin and there is nothing here: 504 (section 5.2.1.7).
    OnlyIfCached,
}

/// Decides on a GET or HEAD request.
#[must_use]
pub fn decide(request: &RequestView<'_>, stock: Stock, policy: &Policy, now_ms: u64) -> Step {
    if !says_how(request.headers) {
        return step(request, stock, &RequestDirectives::default(), now_ms);
    }
    let directives = RequestDirectives::of(request.headers, policy);
    let mut step = step(request, stock, &directives, now_ms);
    if must_forward(request.headers) {
        step = untouched(&step);
    }
    match step {
        Step::Forward { .. } if directives.only_if_cached => Step::OnlyIfCached,
        step => step,
    }
}

/// The request goes to the origin with its own conditions and no others. If it is they alone that keep what is stored
/// from answering, the reason is the request.
fn untouched(step: &Step) -> Step {
    let reason = match step {
        Step::Forward { reason, .. } => *reason,
        Step::Serve { .. } | Step::OnlyIfCached => MissReason::Request,
    };
    Step::Forward { reason, candidates: Vec::new(), rest: None }
}

fn step(
    request: &RequestView<'_>,
    stock: Stock,
    directives: &RequestDirectives,
    now_ms: u64,
) -> Step {
    if let Some((at, reuse)) = best(&stock.matching, directives, now_ms) {
        return judge(at, reuse, stock.matching);
    }
    let has_it = |entry: &&Entry| covers(entry, request.method, request.headers);
    let parts: Entries = stock.parts.iter().filter(has_it).cloned().collect();
    match best(&parts, directives, now_ms) {
        // A part cannot be validated: the origin would say that the whole is current, which is not here. So it is not served
        // stale either, as if that were under way.
        Some((at, reuse)) if matches!(reuse, Reuse::Fresh { .. }) => judge(at, reuse, parts),
        _ => absent(request, stock),
    }
}

/// The best is the one in this place.
fn judge(at: usize, reuse: Reuse, mut found: Entries) -> Step {
    match reuse {
        Reuse::Fresh { .. } => {
            Step::Serve { entry: found.swap_remove(at), verdict: Verdict::Hit, refresh: false }
        }
        Reuse::Stale { permission, .. } => {
            let refresh = permission == StalePermission::WhileRevalidate;
            let verdict = Verdict::Stale(permission);
            Step::Serve { entry: found.swap_remove(at), verdict, refresh }
        }
        Reuse::Validate(reason) => {
            // The one whose date is sent comes first.
            found[..=at].rotate_right(1);
            Step::Forward { reason: reason.miss(), candidates: found.into_vec(), rest: None }
        }
    }
}

/// Nothing here can answer. Variants for other request headers can still be asked about: the origin may know that one
/// of them is right for this request too (section 4.1). Where a part lacks bytes at one end, they are what is asked for.
fn absent(request: &RequestView<'_>, stock: Stock) -> Step {
    let reason = match (stock.parts.is_empty(), stock.all.is_empty()) {
        (false, _) => MissReason::Partial,
        (true, false) => MissReason::VaryMiss,
        (true, true) => MissReason::UriMiss,
    };
    match rest(request, &stock.parts) {
        None => Step::Forward { reason, candidates: stock.all, rest: None },
        rest => Step::Forward { reason, candidates: Vec::new(), rest },
    }
}
