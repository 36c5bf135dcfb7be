//! Some of a body's bytes: to be sent, or to be stored in another body.

use std::ops::Range;

use bytes::Bytes;

use super::StoredBody;

impl StoredBody {
    /// The chunks of these bytes of it, shared; what lies beyond its end is left out. Those of a larger body do not
    /// keep the charge: who reads them slowly keeps the body too.
    #[must_use]
    pub fn slice(&self, range: Range<u64>) -> Vec<Bytes> {
        let mut slices = Vec::new();
        let mut start = 0_u64;
        for chunk in self.chunks() {
            slices.extend(overlap(&chunk, start, &range));
            start = start.saturating_add(chunk.len() as u64);
        }
        slices
    }

    /// Its bytes from an offset on, to be stored in another body: a small body is copied, and so is a chunk that is cut,
    /// or else its lost beginning would stay in memory and in no account.
    pub(crate) fn rest(&self, offset: u64) -> Vec<Bytes> {
        let mut rest = self.slice(offset..self.len());
        let begins = |chunk: &Bytes| {
            self.large().is_some_and(|large| {
                large.chunks().iter().any(|whole| whole.as_ptr() == chunk.as_ptr())
            })
        };
        if let Some(first) = rest.first_mut().filter(|first| !begins(first)) {
            *first = Bytes::copy_from_slice(first);
        }
        rest
    }
}

/// What `range` wants of a chunk that begins at `start`; both offsets are clamped to the chunk, so they fit `usize`.
fn overlap(chunk: &Bytes, start: u64, range: &Range<u64>) -> Option<Bytes> {
    let inside = |offset: u64| offset.saturating_sub(start).min(chunk.len() as u64) as usize;
    let (from, to) = (inside(range.start), inside(range.end));
    (from < to).then(|| chunk.slice(from..to))
}
