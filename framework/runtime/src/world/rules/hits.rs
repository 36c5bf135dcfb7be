//! How often a rule has matched, counted by all cores.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use selvedge_model::manifest;

/// So many rules of one service are remembered, those of the versions before included.
const MOST: usize = 4096;

/// A count that goes on from world to world, for as long as the rule does not change.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits(Arc<AtomicU64>);

impl Hits {
    /// One more.
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counts of all rules that one service has had, in any of its versions: a rule that comes back goes on counting. The
/// oldest are forgotten.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Vec<(manifest::Rule, Hits)>>);

impl Tally {
    /// The counts of these rules, in order. Of two that say the same, each has its own.
    pub(super) fn of(&self, rules: &[manifest::Rule]) -> Vec<Hits> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::with_capacity(rules.len());
        for rule in rules {
            let place = known.iter().position(|(said, _)| said == rule);
            let hits = place.map(|place| known.remove(place).1).unwrap_or_default();
            taken.push((rule.clone(), hits));
        }
        let hits = taken.iter().map(|(_, hits)| hits.clone()).collect();
        known.extend(taken);
        let forgotten = known.len().saturating_sub(MOST.max(rules.len()));
        known.drain(..forgotten);
        hits
    }
}
