//! A file that must not be written, as redb sees it: what redb writes to put it in order after it was not closed stays in
//! memory.
//!
//! Where the disk takes no byte at all, a file that was not closed could not even be read without this; and a start that is
//! refused leaves a file as it was. No write of a customer gets here.

use std::{
    collections::BTreeMap,
    io,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use redb::{BackendError, StorageBackend};

/// What is kept in memory is kept in blocks of so many bytes.
const BLOCK: usize = 4096;

/// A file, and what was written over it.
#[derive(Debug)]
pub(crate) struct Overlay<B> {
    file: B,
    over: Mutex<Over>,
}

#[derive(Debug)]
struct Over {
    len: u64,
    /// How many bytes of the file are still seen where nothing was written over them.
    of_file: u64,
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl<B: StorageBackend> Overlay<B> {
    pub(crate) fn over(file: B) -> io::Result<Self> {
        let len = file.len()?;
        let over = Over { len, of_file: len, blocks: BTreeMap::new() };
        Ok(Self { file, over: Mutex::new(over) })
    }

    /// A panic elsewhere leaves whole blocks.
    fn state(&self) -> MutexGuard<'_, Over> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A block as the file has it; zeros behind what is seen of it.
    fn block(&self, number: u64, of_file: u64) -> io::Result<Vec<u8>> {
        let mut block = vec![0; BLOCK];
        let at = number.saturating_mul(BLOCK as u64);
        let there = of_file.saturating_sub(at);
        let there = usize::try_from(there).unwrap_or(BLOCK).min(BLOCK);
        if let Some(bytes) = block.get_mut(..there).filter(|bytes| !bytes.is_empty()) {
            self.file.read(at, bytes)?;
        }
        Ok(block)
    }
}

/// The pieces of a range that lie in one block each: the block's number, and where in it the piece begins and ends.
fn pieces(mut at: u64, mut len: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    std::iter::from_fn(move || {
        let from = usize::try_from(at % BLOCK as u64).unwrap_or_default();
        let to = BLOCK.min(from + len);
        let piece = (at / BLOCK as u64, from, to);
        at += (to - from) as u64;
        len -= to - from;
        (to > from).then_some(piece)
    })
}

impl<B: StorageBackend> StorageBackend for Overlay<B> {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state();
        let end = offset.checked_add(out.len() as u64);
        end.filter(|end| *end <= state.len).ok_or(io::ErrorKind::UnexpectedEof)?;
        if state.blocks.is_empty() && end.is_some_and(|end| end <= state.of_file) {
            return self.file.read(offset, out);
        }
        let mut out = out;
        for (number, from, to) in pieces(offset, out.len()) {
            let block = match state.blocks.get(&number) {
                Some(block) => block.clone(),
                None => self.block(number, state.of_file)?,
            };
            let (here, after) = out.split_at_mut(to - from);
            here.copy_from_slice(block.get(from..to).ok_or(io::ErrorKind::UnexpectedEof)?);
            out = after;
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.state();
        state.len = len;
        state.of_file = state.of_file.min(len);
        state.blocks.retain(|number, _| number * (BLOCK as u64) < len);
        // What is cut off does not come back when the file grows again.
        if let Some(last) = state.blocks.get_mut(&(len / BLOCK as u64)) {
            let kept = usize::try_from(len % BLOCK as u64).unwrap_or(BLOCK);
            last.iter_mut().skip(kept).for_each(|byte| *byte = 0);
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let mut data = data;
        for (number, from, to) in pieces(offset, data.len()) {
            let mut block = match state.blocks.remove(&number) {
                Some(block) => block,
                None => self.block(number, state.of_file)?,
            };
            let (here, after) = data.split_at(to - from);
            block.get_mut(from..to).ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(here);
            data = after;
            state.blocks.insert(number, block);
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}

#[cfg(test)]
mod tests;
