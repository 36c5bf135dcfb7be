//! All shards under one budget, and how room is made in them.
//!
//! What is evicted is the least recently used key of the fuller one of two shards, and each two have their turn: so the order
//! of use is exact within a shard, and since all stay equally full, what they evict was not used for about as long. What
//! somebody is reading frees nothing when it is evicted, so it stays and counts as used.

use std::sync::Arc;

use super::budget::Budget;
use super::charge::Charge;
use super::ordered::Asks;
use super::place::{Hashing, Place};
use super::shard::Shard;
use super::shelved::Shelved;
use crate::chunks::Chunks;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// A shelf has one shard for each such piece of its budget; a small one has a single shard and an exact order of use. A
/// piece has room for some objects of the largest kind, or else each shard's turn to evict would meet what was just used.
const BYTES_PER_SHARD: u64 = 32 * 1024 * 1024;

/// Enough that cores seldom meet at one lock.
const MAX_SHARDS: u64 = 64;

/// A crowd of variants of one key may take 1 / 8 of the budget.
const CROWD_SHARE: u64 = 8;

/// Why there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// It is more than the whole budget.
    Never,
    /// What others hold leaves too little.
    Now,
}

/// The shards of a shelf.
#[derive(Debug)]
pub(super) struct Shards {
    budget: Arc<Budget>,
    chunks: Arc<Chunks>,
    shards: Box<[Shard]>,
    next_victim: AtomicUsize,
    evicted: AtomicU64,
}

impl Shards {
    pub(super) fn new(budget_bytes: u64, hashing: Hashing) -> Self {
        let count = (budget_bytes / BYTES_PER_SHARD).clamp(1, MAX_SHARDS);
        let budget = Arc::new(Budget::new(budget_bytes));
        // What a single one has room for is at hand, or nearly.
        let asks = if count > 1 { Asks::Ahead } else { Asks::Late };
        let shard = |_| Shard::new(hashing, budget_bytes / CROWD_SHARE, asks);
        Self {
            chunks: Chunks::new(&budget),
            budget,
            shards: (0..count).map(shard).collect(),
            next_victim: AtomicUsize::new(0),
            evicted: AtomicU64::new(0),
        }
    }

    pub(super) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    pub(super) fn chunks(&self) -> &Arc<Chunks> {
        &self.chunks
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Shard> {
        self.shards.iter()
    }

    /// There is at least one shard, so the index is always inside.
    pub(super) fn of(&self, place: Place) -> &Shard {
        &self.shards[(place.shard % self.shards.len() as u64) as usize]
    }

    /// Takes `bytes` from the budget, evicting until they fit. Nothing is evicted where that could not help. Fails, too,
    /// when others take what has been freed and nothing is left.
    pub(super) fn make_room(&self, bytes: u64) -> Result<Charge, Full> {
        let taken = self.take_room(bytes);
        self.chunks.trim();
        taken
    }

    fn take_room(&self, bytes: u64) -> Result<Charge, Full> {
        if bytes > self.budget.limit() {
            return Err(Full::Never);
        }
        if let Some(charge) = Charge::take(&self.budget, bytes) {
            return Ok(charge);
        }
        if !self.budget.is_attainable(bytes) || !self.would_help(bytes) {
            return Err(Full::Now);
        }
        loop {
            drop(self.evict().ok_or(Full::Now)?);
            if let Some(charge) = Charge::take(&self.budget, bytes) {
                return Ok(charge);
            }
        }
    }

    /// Evicts one entry of the fuller one of the two shards whose turn it is, or of another where these have none.
    fn evict(&self) -> Option<Shelved> {
        let turn = self.next_victim.fetch_add(1, Ordering::Relaxed);
        let two = pair(turn, self.shards.len()).into_iter().filter_map(|at| self.shards.get(at));
        let fuller = two.max_by_key(|shard| shard.keys());
        let evicted = fuller.into_iter().chain(self.from(turn)).find_map(Shard::evict)?;
        self.evicted.fetch_add(1, Ordering::Relaxed);
        Some(evicted)
    }

    /// How many entries were evicted so far.
    pub(super) fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }

    /// Whether what nobody holds is enough to make room. Looks at no more than would be evicted.
    fn would_help(&self, bytes: u64) -> bool {
        let wanted = self.budget.missing(bytes);
        let mut sum = 0_u64;
        self.from(self.next_victim.load(Ordering::Relaxed)).any(|shard| {
            sum = sum.saturating_add(shard.evictable(wanted.saturating_sub(sum)));
            sum >= wanted
        })
    }

    /// All shards, beginning with one of them.
    fn from(&self, turn: usize) -> impl Iterator<Item = &Shard> {
        let count = self.shards.len();
        self.shards.iter().cycle().skip(turn % count).take(count)
    }
}

/// The two shards of so many whose turn it is. Each has its turn with each other; one alone is its own pair.
fn pair(turn: usize, count: usize) -> [usize; 2] {
    let one = turn % count;
    let apart = 1 + turn / count % count.saturating_sub(1).max(1);
    [one, (one + apart) % count]
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn every_two_shards_have_their_turn() {
        for count in [1, 2, 3, 64] {
            let pairs = (0..count * count).map(|turn| pair(turn, count));
            let mut pairs: Vec<_> = pairs.filter(|[one, other]| one != other).collect();
            pairs.sort_unstable();
            pairs.dedup();
            assert_eq!(pairs.len(), count * (count - 1), "of {count}");
        }
    }

    /// Were they evicted from in turn only, they would drift apart for ever: what comes is spread by chance.
    #[test]
    fn shards_stay_equally_full() {
        let (mut keys, mut chance) = ([1000_u64; 64], 1_u64);
        for turn in 0..500_000 {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            keys[(chance >> 58) as usize] += 1;
            let fuller = pair(turn, 64).into_iter().max_by_key(|at| keys[*at]).unwrap();
            keys[fuller] -= 1;
        }
        let (most, least) = (keys.iter().max().unwrap(), keys.iter().min().unwrap());
        assert!(most - least < 50, "{least} to {most} keys");
    }
}
