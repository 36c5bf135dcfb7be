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

use crate::body::ALLOCATION;
use crate::chunk::{Chunk, Memory};
use crate::shelf::Budget;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The size of a full chunk of a body that may be small: it is not noticed if only some of it is needed.
pub(crate) const CHUNK: usize = 16 * 1024 - Chunk::OVERHEAD - ALLOCATION / 2;

/// The size of a full chunk where at least so much is to come: a hit hands it to the connection in one step.
pub(crate) const LARGE_CHUNK: usize = 64 * 1024;

/// The smallest budget with large chunks: a thousand that have just been begun are a quarter of it.
const LARGE_FROM: u64 = 4 * 1024 * LARGE_CHUNK as u64;

/// Unused chunks may take 1 / 32 of the budget beside what is used of it.
const SPARE_SHARE: u64 = 32;

/// Two small chunks lie where the largest read buffer of a connection lay, and four where a large chunk did.
const _: () = {
    assert!(2 * (CHUNK + Chunk::OVERHEAD) <= 32 * 1024);
    assert!(4 * (CHUNK + Chunk::OVERHEAD) <= LARGE_CHUNK);
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
    chunks: Vec<Memory>,
    large: Vec<Memory>,
}

impl Chunks {
    pub(crate) fn new(budget: &Arc<Budget>) -> Arc<Self> {
        Arc::new(Self {
            budget: Arc::clone(budget),
            unused: Mutex::default(),
            kept: AtomicU64::new(0),
        })
    }

    /// A chunk for a body of which so many bytes more are to come and to be kept. What it has from before is
    /// overwritten by whoever asks for it.
    pub(crate) fn take(self: &Arc<Self>, sure: u64) -> Chunk {
        match sure >= LARGE_CHUNK as u64 && self.budget.limit() >= LARGE_FROM {
            true => self.pop_or_new(|unused| unused.large.pop(), LARGE_CHUNK),
            false => self.pop_or_new(|unused| unused.chunks.pop(), CHUNK),
        }
    }

    /// Takes the memory of a chunk back, to be used again.
    pub(crate) fn give_back(&self, memory: Memory) {
        let bytes = memory.slice.len();
        let mut unused = self.unused();
        match bytes {
            LARGE_CHUNK => unused.large.push(memory),
            _ => unused.chunks.push(memory),
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
        self: &Arc<Self>,
        choose: impl FnOnce(&mut Unused) -> Option<Memory>,
        size: usize,
    ) -> Chunk {
        match self.pop(choose) {
            Some(memory) => Chunk::again(memory, self),
            None => Chunk::with_room(size, Some(self)),
        }
    }

    fn pop(&self, choose: impl FnOnce(&mut Unused) -> Option<Memory>) -> Option<Memory> {
        if self.kept.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let memory = choose(&mut self.unused())?;
        self.kept.fetch_sub(memory.slice.len() as u64, Ordering::Relaxed);
        Some(memory)
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

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_used_again_where_the_budget_allows() {
        let budget = Arc::new(Budget::new(2 * CHUNK as u64));
        let chunks = Chunks::new(&budget);
        let mut chunk = chunks.take(0);
        chunk.write(7, b"as");
        let place = chunk.as_ptr();
        let part = chunk.to_bytes().slice(7..9);
        drop(chunk);
        assert_eq!(chunks.unused().chunks.len(), 0, "a part is still in use");
        assert_eq!(part, "as");
        drop(part);
        let again = chunks.take(0);
        assert_eq!(again.as_ptr(), place);
        drop(again);
        assert_eq!(chunks.unused().chunks.len(), 1);
        assert!(budget.try_take(2 * CHUNK as u64));
        chunks.trim();
        assert_eq!(chunks.unused().chunks.len(), 0, "the budget is used up");
    }

    #[test]
    fn a_large_chunk_is_for_what_is_sure_on_a_large_shelf() {
        let large = LARGE_CHUNK as u64;
        let size = |limit, sure| Chunks::new(&Arc::new(Budget::new(limit))).take(sure).len();
        assert_eq!(size(LARGE_FROM, large), LARGE_CHUNK);
        assert_eq!(size(LARGE_FROM, large - 1), CHUNK);
        assert_eq!(size(LARGE_FROM - 1, large), CHUNK);
        let budget = Arc::new(Budget::new(LARGE_FROM));
        let chunks = Chunks::new(&budget);
        let two = [chunks.take(0), chunks.take(large)];
        let places = two.each_ref().map(|chunk| chunk.as_ptr());
        drop(two);
        let again = [chunks.take(0), chunks.take(large)];
        assert_eq!(again.each_ref().map(|chunk| chunk.as_ptr()), places);
    }

    #[test]
    fn a_shelf_that_is_gone_leaves_nothing() {
        let left = allocation_counter::measure(|| {
            let chunks = Chunks::new(&Arc::new(Budget::new(LARGE_FROM)));
            let chunk = chunks.take(0);
            drop(chunks.take(0));
            drop(chunks);
            drop(chunk);
        });
        assert_eq!(left.bytes_current, 0);
    }
}
