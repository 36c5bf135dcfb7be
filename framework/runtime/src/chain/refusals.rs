//! How often a service's chain guard has refused somebody, and why: what an operator looks at who is being flooded, or has
//! forgotten to sign.

use std::sync::atomic::{AtomicU64, Ordering};

use selvedge::Refusal;

/// Every reason that there is, in the order in which they are looked for.
const REASONS: [Refusal; 9] = [
    Refusal::ChainTokenMissing,
    Refusal::ChainTokenMalformed,
    Refusal::ChainModeRefused,
    Refusal::ChainSecretUnknown,
    Refusal::ChainSignatureWrong,
    Refusal::ChainTargetWrong,
    Refusal::ChainTokenExpired,
    Refusal::ChainTokenReplayed,
    Refusal::ChainNoncesFull,
];

/// Counts for each reason, since the node started.
#[derive(Debug, Default)]
pub struct Refusals([AtomicU64; REASONS.len()]);

impl Refusals {
    /// Counts one more.
    pub fn count(&self, refusal: Refusal) {
        let mut counters = REASONS.iter().zip(&self.0);
        if let Some((_, counter)) = counters.find(|(reason, _)| **reason == refusal) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Every reason with its count.
    pub fn counted(&self) -> impl Iterator<Item = (Refusal, u64)> {
        let count =
            |(reason, counter): (&Refusal, &AtomicU64)| (*reason, counter.load(Ordering::Relaxed));
        REASONS.iter().zip(&self.0).map(count)
    }
}
