//! The memory of bodies, in chunks of two sizes that are used again; and that in which small bodies are gathered.
//!
//! Bodies come and go all the time, in every length. Were each given memory of its own, what lies between them would soon
//! be as much as what they take. So full chunks are all of one size or the other, and a shelf keeps those that it has no
//! use for, as long as they and what is used fit its budget together.

use std::fmt;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;

use crate::shelf::Budget;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The size of a full chunk of a body that may be small: it is not noticed if only some of it is needed.
pub(crate) const CHUNK: usize = 16 * 1024;

/// The size of a full chunk where at least so much is sure to come: a hit hands it to the connection in one step.
pub(crate) const LARGE_CHUNK: usize = 64 * 1024;

/// The smallest budget with large chunks: a thousand that have just been begun are a quarter of it.
const LARGE_FROM: u64 = 4 * 1024 * LARGE_CHUNK as u64;

/// Chunks that nobody uses, of one shelf.
pub struct Chunks {
    budget: Arc<Budget>,
    unused: Mutex<Unused>,
    /// What these take, in bytes.
    kept: AtomicU64,
}

/// What small bodies are gathered in is so large, or so many times as large, in bytes.
const STEP: usize = 1024;

/// So much of that is kept. Were it freed, it would leave a gap between bodies that stay, which others fill in part.
const KEPT_SMALL: usize = 32;

/// By their size.
#[derive(Default)]
struct Unused {
    small: Vec<Vec<u8>>,
    chunks: Vec<Vec<u8>>,
    large: Vec<Vec<u8>>,
}

impl Unused {
    fn any(&mut self) -> Option<Vec<u8>> {
        self.large.pop().or_else(|| self.chunks.pop()).or_else(|| self.small.pop())
    }
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

    /// An empty chunk for all of a small body of so many bytes, which is copied when it has come.
    pub(crate) fn take_small(&self, bytes: usize) -> Vec<u8> {
        let size = bytes.max(1).next_multiple_of(STEP);
        let of_size = |unused: &mut Unused| {
            let at = unused.small.iter().position(|chunk| chunk.capacity() == size)?;
            Some(unused.small.swap_remove(at))
        };
        self.pop_or_new(of_size, size)
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
            CHUNK => unused.chunks.push(chunk),
            _ if unused.small.len() < KEPT_SMALL => unused.small.push(chunk),
            _ => return,
        }
        self.kept.fetch_add(bytes as u64, Ordering::Relaxed);
        drop(unused);
        self.trim();
    }

    /// Lets chunks go where the budget is needed for something else.
    pub(crate) fn trim(&self) {
        while self.budget.used().saturating_add(self.kept.load(Ordering::Relaxed))
            > self.budget.limit()
        {
            if self.pop(Unused::any).is_none() {
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
    fn what_small_bodies_are_gathered_in_is_kept_by_its_size() {
        let chunks = Chunks::new(&Arc::new(Budget::new(LARGE_FROM)));
        let sizes = [0, 1, STEP, STEP + 1].map(|bytes| chunks.take_small(bytes).capacity());
        assert_eq!(sizes, [STEP, STEP, STEP, 2 * STEP]);
        let (one, other) = (chunks.take_small(1), chunks.take_small(STEP + 1));
        let places = [one.as_ptr(), other.as_ptr()];
        [one, other].into_iter().for_each(|chunk| chunks.give_back(chunk));
        let again = [chunks.take_small(2), chunks.take_small(2 * STEP)];
        assert_eq!(again.each_ref().map(|chunk| chunk.as_ptr()), places);
        (0..2 * KEPT_SMALL).for_each(|_| chunks.give_back(Vec::with_capacity(STEP)));
        let kept = chunks.kept.load(Ordering::Relaxed);
        assert_eq!((chunks.unused().small.len(), kept), (KEPT_SMALL, (KEPT_SMALL * STEP) as u64));
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
