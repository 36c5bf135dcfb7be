//! The time and the random bits of one change.

use std::io;

use selvedge_account::Fresh;
use sha2::{Digest, Sha256};

use super::Random;

/// What one change draws from: one time, and one seed from which every id is made.
///
/// The seed is drawn before the change begins, so that nothing within it can fail for want of random bits.
pub(super) struct Draw {
    now_ms: u64,
    seed: [u8; 32],
    drawn: u64,
}

impl Draw {
    pub(super) fn new(now_ms: u64, random: &dyn Random) -> io::Result<Self> {
        let mut seed = [0; 32];
        random.fill(&mut seed)?;
        Ok(Self { now_ms, seed, drawn: 0 })
    }
}

impl Fresh for Draw {
    fn now_ms(&self) -> u64 {
        self.now_ms
    }

    fn bits(&mut self) -> u128 {
        self.drawn += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.drawn.to_le_bytes());
        let (bits, _) = hash
            .finalize()
            .into_iter()
            .take(16)
            .fold((0_u128, 0), |(bits, at), byte| (bits | u128::from(byte) << at, at + 8));
        bits
    }
}
