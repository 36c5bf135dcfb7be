//! Values in parts: what is written is cut into rows, and nothing is ever put together to be written or read.
//!
//! The parts of a value have neighbouring numbers around a middle, so that bytes can be put on either end without touching
//! the rest. Where the outermost part and the new bytes fit into one row they become one, so that two neighbours are
//! always more than a row together and a value that grew by single bytes has as few rows as any.

use std::mem;

use bytes::Bytes;
use redb::{ReadableTable, Table};
use selvedge::store::kv::{KvHead, KvValue};

use super::{
    schema::{PartKey, Result},
    tables::damaged,
};

/// Most bytes in a row. redb gives a row of this kind a run of pages, rounded up to a power of two; this leaves room for
/// the longest key and redb's own words within 256 KiB.
pub(super) const PART: usize = 256 * 1024 - 4096;

/// The number of the first part of a new value. 25 MiB have room on either side.
const MIDDLE: u32 = 1 << 31;

/// The parts of all values, within one write transaction.
pub(super) struct Parts<'t>(pub(super) Table<'t, PartKey, &'static [u8]>);

impl Parts<'_> {
    /// Writes the value of an item that has none.
    pub(super) fn put(&mut self, item: (&str, &str), value: &KvValue) -> Result<()> {
        self.put_from(item, MIDDLE, value.chunks().iter().map(Bytes::as_ref))
    }

    /// Writes behind the value of an item.
    pub(super) fn append(&mut self, item: (&str, &str), value: &KvValue) -> Result<()> {
        let chunks = value.chunks().iter().map(Bytes::as_ref);
        match self.end(item, End::Last)? {
            Some((number, last)) if last.len() + value.len() <= PART => {
                self.put_from(item, number, [last.as_slice()].into_iter().chain(chunks))
            }
            Some((number, _)) => self.put_from(item, number + 1, chunks),
            None => self.put(item, value),
        }
    }

    /// Writes before the value of an item.
    pub(super) fn prepend(&mut self, item: (&str, &str), value: &KvValue) -> Result<()> {
        let chunks = value.chunks().iter().map(Bytes::as_ref);
        match self.end(item, End::First)? {
            Some((number, first)) if first.len() + value.len() <= PART => {
                self.put_from(item, number, chunks.chain([first.as_slice()]))
            }
            Some((number, _)) => {
                let rows = u32::try_from(value.len().div_ceil(PART)).unwrap_or(u32::MAX);
                self.put_from(item, number.saturating_sub(rows), chunks)
            }
            None => self.put(item, value),
        }
    }

    /// Removes the value of an item.
    pub(super) fn remove(&mut self, (store, key): (&str, &str)) -> Result<()> {
        Ok(self.0.retain_in((store, key, 0)..=(store, key, u32::MAX), |_, _| false)?)
    }

    /// Writes bytes as rows with these numbers; each is filled before the next one begins.
    fn put_from<'b>(
        &mut self,
        (store, key): (&str, &str),
        first: u32,
        chunks: impl Iterator<Item = &'b [u8]>,
    ) -> Result<()> {
        for (number, row) in (first..).zip(Rows { chunks, rest: &[] }) {
            let bytes = row.iter().map(|slice| slice.len()).sum();
            let mut place = self.0.insert_reserve((store, key, number), bytes)?;
            let mut left = place.as_mut();
            for slice in row {
                let (here, after) = mem::take(&mut left).split_at_mut(slice.len());
                here.copy_from_slice(slice);
                left = after;
            }
        }
        Ok(())
    }

    /// The outermost part of an item, and its number.
    fn end(&self, (store, key): (&str, &str), end: End) -> Result<Option<(u32, Vec<u8>)>> {
        let mut all = self.0.range((store, key, 0)..=(store, key, u32::MAX))?;
        let row = match end {
            End::First => all.next(),
            End::Last => all.next_back(),
        };
        Ok(row.transpose()?.map(|(at, part)| (at.value().2, part.value().to_vec())))
    }
}

/// Which of the outermost parts.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

/// Chunks of any size, cut and put together to rows.
struct Rows<'b, I> {
    chunks: I,
    /// What is left of the chunk that the last row ended in.
    rest: &'b [u8],
}

impl<'b, I: Iterator<Item = &'b [u8]>> Iterator for Rows<'b, I> {
    type Item = Vec<&'b [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut row, mut room) = (Vec::new(), PART);
        while room > 0 {
            if self.rest.is_empty() {
                let Some(next) = self.chunks.next() else { break };
                self.rest = next;
            }
            let (here, after) = self.rest.split_at(self.rest.len().min(room));
            room -= here.len();
            self.rest = after;
            if !here.is_empty() {
                row.push(here);
            }
        }
        (!row.is_empty()).then_some(row)
    }
}

/// The length of a value that lies in one part.
pub(super) fn small(head: &KvHead) -> Option<usize> {
    usize::try_from(head.length).ok().filter(|length| *length <= PART)
}

/// Reads a value that lies in one part. That one is in the middle: a neighbour is only begun where both are more than a row,
/// and what is written instead of a value begins anew.
pub(super) fn read_small(
    parts: &impl ReadableTable<PartKey, &'static [u8]>,
    (store, key): (&str, &str),
    length: usize,
) -> Result<KvValue> {
    if length == 0 {
        return Ok(KvValue::default());
    }
    let row = parts.get((store, key, MIDDLE))?;
    let value = row.map(|row| Bytes::copy_from_slice(row.value()));
    // Head and parts are written in one commit, so another length is a damaged file.
    let value = value.filter(|value| value.len() == length);
    value.map(KvValue::from).ok_or_else(|| damaged("an item has not the value that its head tells"))
}

#[cfg(test)]
mod tests;
