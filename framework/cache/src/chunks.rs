//! The memory of bodies, in chunks of two sizes that are used again.
//!
//! Bodies come and go all the time, in every length. Were each given memory of its own, what lies between them would soon
//! be as much as what they take. So full chunks are all of one size or the other, and a shelf keeps those that it has no
//! use for, as long as they and what is used fit its budget together, or nearly.
//!
//! Others ask the allocator for memory, too, and give it back: what they had becomes chunks without a rest, or the rests
//! add up. Buffers of connections have a power of two, so a small chunk is short of one by what an allocation costs.

use std::fmt;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;

use crate::body::ALLOCATION;
use crate::shelf::Budget;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The size of a full chunk of a body that may be small: it is not noticed if only some of it is needed.
pub(crate) const CHUNK: usize = 16 * 1024 - ALLOCATION;

/// The size of a full chunk where at least so much is sure to come: a hit hands it to the connection in one step.
pub(crate) const LARGE_CHUNK: usize = 64 * 1024;

/// The smallest budget with large chunks: a thousand that have just been begun are a quarter of it.
const LARGE_FROM: u64 = 4 * 1024 * LARGE_CHUNK as u64;

/// Unused chunks may take 1 / 32 of the budget beside what is used of it.
const SPARE_SHARE: u64 = 32;

/// Two small chunks lie where the largest read buffer of a connection lay, and four where a large chunk did.
const _: () = {
    assert!(2 * (CHUNK + ALLOCATION) <= 32 * 1024 + ALLOCATION);
    assert!(4 * (CHUNK + ALLOCATION) <= LARGE_CHUNK + ALLOCATION);
};

/// Chunks that nobody uses, of one shelf.
pub struct Chunks {
    budget: Arc<Budget>,
    unused: Mutex<Unused>,
    /// What these take, in bytes.
    kept: AtomicU64,
}

/// By their size.
#[derive(Default)]
struct Unused {
    chunks: Vec<Vec<u8>>,
    large: Vec<Vec<u8>>,
}

impl Chunks {
    pub(crate) fn new(budget: &Arc<Budget>) -> Arc<Self> {
        Arc::new(Self {
            budget: Arc::clone(budget),
            unused: Mutex::default(),
            kept: AtomicU64::new(0),
        })
    }

    /// An empty chunk, for a body of which so many bytes more are sure to come and to be kept.
    pub(crate) fn take(&self, sure: u64) -> Vec<u8> {
        match sure >= LARGE_CHUNK as u64 && self.budget.limit() >= LARGE_FROM {
            true => self.pop_or_new(|unused| unused.large.pop(), LARGE_CHUNK),
            false => self.pop_or_new(|unused| unused.chunks.pop(), CHUNK),
        }
    }

    /// Whether a chunk is of a size that is kept.
    pub(crate) fn are_like(chunk: &Vec<u8>) -> bool {
        matches!(chunk.capacity(), CHUNK | LARGE_CHUNK)
    }

    /// A full chunk as bytes, which comes back when the last of them is dropped.
    pub(crate) fn lend(self: &Arc<Self>, chunk: Vec<u8>) -> Bytes {
        Bytes::from_owner(Lent { chunk, home: Arc::clone(self) })
    }

    /// Takes a chunk back, to be used again.
    pub(crate) fn give_back(&self, mut chunk: Vec<u8>) {
        chunk.clear();
        let bytes = chunk.capacity();
        let mut unused = self.unused();
        match bytes {
            LARGE_CHUNK => unused.large.push(chunk),
            _ => unused.chunks.push(chunk),
        }
        self.kept.fetch_add(bytes as u64, Ordering::Relaxed);
        drop(unused);
        self.trim();
    }

    /// Lets chunks go where the budget is needed for something else, but for a few: what takes the place of an evicted body
    /// asks for them at once, and memory that goes back to the allocator meanwhile is cut up for other things.
    pub(crate) fn trim(&self) {
        let most = self.budget.limit().saturating_add(self.budget.limit() / SPARE_SHARE);
        while self.budget.used().saturating_add(self.kept.load(Ordering::Relaxed)) > most {
            if self.pop(|unused| unused.large.pop().or_else(|| unused.chunks.pop())).is_none() {
                return;
            }
        }
    }

    fn pop_or_new(
        &self,
        choose: impl FnOnce(&mut Unused) -> Option<Vec<u8>>,
        size: usize,
    ) -> Vec<u8> {
        self.pop(choose).unwrap_or_else(|| Vec::with_capacity(size))
    }

    fn pop(&self, choose: impl FnOnce(&mut Unused) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        if self.kept.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let chunk = choose(&mut self.unused())?;
        self.kept.fetch_sub(chunk.capacity() as u64, Ordering::Relaxed);
        Some(chunk)
    }

    /// No step under the lock can leave the list half changed.
    fn unused(&self) -> MutexGuard<'_, Unused> {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// A chunk in use.
struct Lent {
    chunk: Vec<u8>,
    home: Arc<Chunks>,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.chunk
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.home.give_back(std::mem::take(&mut self.chunk));
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_used_again_where_the_budget_allows() {
        let budget = Arc::new(Budget::new(2 * CHUNK as u64));
        let chunks = Chunks::new(&budget);
        let mut chunk = chunks.take(0);
        chunk.resize(CHUNK, 1);
        let place = chunk.as_ptr();
        let lent = chunks.lend(chunk);
        let part = lent.slice(7..9);
        drop(lent);
        assert_eq!(chunks.unused().chunks.len(), 0, "a part is still in use");
        drop(part);
        let again = chunks.take(0);
        assert!(again.as_ptr() == place && again.is_empty());
        chunks.give_back(again);
        assert_eq!(chunks.unused().chunks.len(), 1);
        assert!(budget.try_take(2 * CHUNK as u64));
        chunks.trim();
        assert_eq!(chunks.unused().chunks.len(), 0, "the budget is used up");
    }
    #[test]
    fn a_large_chunk_is_for_what_is_sure_on_a_large_shelf() {
        let large = LARGE_CHUNK as u64;
        let capacity =
            |limit, sure| Chunks::new(&Arc::new(Budget::new(limit))).take(sure).capacity();
        assert_eq!(capacity(LARGE_FROM, large), LARGE_CHUNK);
        assert_eq!(capacity(LARGE_FROM, large - 1), CHUNK);
        assert_eq!(capacity(LARGE_FROM - 1, large), CHUNK);
        let budget = Arc::new(Budget::new(LARGE_FROM));
        let chunks = Chunks::new(&budget);
        let (one, other) = (chunks.take(0), chunks.take(large));
        let places = [one.as_ptr(), other.as_ptr()];
        chunks.give_back(one);
        chunks.give_back(other);
        let again = [chunks.take(0), chunks.take(large)];
        assert_eq!(again.each_ref().map(|chunk| chunk.as_ptr()), places);
    }
}
