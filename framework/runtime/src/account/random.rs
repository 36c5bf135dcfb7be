//! Where random bits come from: ids of new records, nonces, generated secrets.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// A source of random bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills all of it.
    ///
    /// # Errors
    /// Where the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// The operating system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(|cause| io::Error::other(cause.to_string()))
    }
}

/// Bytes that look random and are the same in every run: for tests, where nothing needs to be kept from anybody.
#[derive(Debug, Default)]
pub struct Repeatable(AtomicU64);

impl Repeatable {
    /// Bytes that are other ones for another seed.
    #[must_use]
    pub fn of(seed: u32) -> Self {
        Self(AtomicU64::new(u64::from(seed) << 32))
    }
}

impl Random for Repeatable {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes());
            chunk.iter_mut().zip(block).for_each(|(byte, random)| *byte = random);
        }
        Ok(())
    }
}
