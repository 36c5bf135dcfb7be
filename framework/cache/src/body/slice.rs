//! Some of a body's bytes: to be sent, or to be stored in another body.

use std::ops::Range;

use bytes::Bytes;

use super::{Large, StoredBody};
use crate::chunk::Chunk;

impl StoredBody {
    /// The chunks of these bytes of it, shared; what lies beyond its end is left out. Those of a larger body do not
    /// keep the charge: who reads them slowly keeps the body too.
    #[must_use]
    pub fn slice(&self, range: Range<u64>) -> Vec<Bytes> {
        let parts = self.parts(range);
        parts.filter_map(|(index, part)| Some(self.chunk(index)?.slice(part))).collect()
    }

    /// Its bytes from an offset on, to be stored in another body: a small body is copied, and so is a chunk that is cut,
    /// or else its lost beginning would stay in memory and in no account.
    pub(crate) fn rest(&self, offset: u64) -> Vec<Chunk> {
        let chunks = self.large().map(Large::chunks).unwrap_or_default();
        let parts = self.parts(offset..self.len());
        let rest = parts.filter_map(|(index, part)| match chunks.get(index) {
            Some(chunk) if part.len() == chunk.len() => Some(chunk.clone()),
            _ => self.bytes_of(index)?.get(part).map(Chunk::from),
        });
        rest.collect()
    }

    /// The chunks that have some of these bytes, each with what of it they are.
    fn parts(&self, range: Range<u64>) -> impl Iterator<Item = (usize, Range<usize>)> {
        let lens = (0..).map_while(|index| self.bytes_of(index).map(<[u8]>::len));
        let starts = lens.scan(0_u64, |end, len| {
            let start = *end;
            *end = start.saturating_add(len as u64);
            Some((start, len))
        });
        let parts = starts.map(move |(start, len)| overlap(start, len, &range));
        parts.enumerate().filter(|(_, part)| !part.is_empty())
    }
}

/// What `range` wants of a chunk that begins at `start`; both offsets are clamped to the chunk, so they fit `usize`.
fn overlap(start: u64, len: usize, range: &Range<u64>) -> Range<usize> {
    let inside = |offset: u64| offset.saturating_sub(start).min(len as u64) as usize;
    inside(range.start)..inside(range.end)
}
