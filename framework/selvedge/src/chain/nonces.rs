//! The nonces of one-time tokens that a service has accepted, so that none is accepted twice.
//!
//! They are kept by the second in which their token was signed, and forgotten together when no token of that second is
//! valid any more. Nothing is forgotten earlier: where the memory is full, tokens are refused, since forgetting would let a
//! replay in. The caller records a nonce only after its signature was verified, so that strangers cannot fill the memory.

use std::collections::{BTreeMap, HashSet};

use super::one_time::Nonce;
use crate::Refusal;

/// How long and how many.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// The time, in milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// A token is valid for less than this from the second in which it was signed, in milliseconds.
    pub window_ms: u64,
    /// At most so many are remembered.
    pub most: usize,
}

/// The nonces that are remembered for one service on one node.
#[derive(Debug, Default)]
pub struct Nonces {
    count: usize,
    by_second: BTreeMap<u64, HashSet<Nonce>>,
    /// Nothing is known of seconds before this one; a clock that goes back does not bring their tokens to life.
    known_from: u64,
}

impl Nonces {
    /// Remembers the nonce of a token that was signed in this second.
    ///
    /// # Errors
    /// [`Refusal::ChainTokenReplayed`] where it is remembered already; [`Refusal::ChainTokenExpired`] where it may have
    /// been and is forgotten; [`Refusal::ChainNoncesFull`] where there is no room.
    pub fn record(&mut self, nonce: Nonce, second: u64, memory: &Memory) -> Result<(), Refusal> {
        self.forget(memory);
        if second < self.known_from {
            return Err(Refusal::ChainTokenExpired);
        }
        if self.count >= memory.most {
            let known = self.by_second.get(&second).is_some_and(|nonces| nonces.contains(&nonce));
            return Err(if known { Refusal::ChainTokenReplayed } else { Refusal::ChainNoncesFull });
        }
        match self.second(second, memory.most).insert(nonce) {
            true => self.count += 1,
            false => return Err(Refusal::ChainTokenReplayed),
        }
        Ok(())
    }

    /// The nonces of a second. A new one has room for as many as the last one had, which come in one after another, as
    /// far as so many may be remembered.
    fn second(&mut self, second: u64, most: usize) -> &mut HashSet<Nonce> {
        let last = self.by_second.last_key_value().map_or(0, |(_, nonces)| nonces.len());
        let room = last.min(most.saturating_sub(self.count));
        self.by_second.entry(second).or_insert_with(|| HashSet::with_capacity(room))
    }

    /// How many are remembered.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    fn forget(&mut self, memory: &Memory) {
        while let Some(first) = self.by_second.first_entry() {
            let second = *first.key();
            if second.saturating_mul(1000).saturating_add(memory.window_ms) > memory.now_ms {
                return;
            }
            self.count -= first.remove().len();
            self.known_from = second.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests;
