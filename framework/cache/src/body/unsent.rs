//! What is left to send of a stored body: its bytes where they lie, as many of its chunks at once as one write takes.
//!
//! A connection that writes to its socket itself has this of a body, and nothing of it is copied or counted twice: it keeps
//! the body, and with it what that takes of the shelf's budget, until it is dropped.

use std::io::IoSlice;

use bytes::Buf;

use super::StoredBody;

/// The end of a stored body, from some byte on.
#[derive(Clone, Debug)]
pub struct Unsent {
    body: StoredBody,
    /// The number of the chunk that comes next.
    chunk: usize,
    /// Where in it.
    at: usize,
    left: u64,
}

impl StoredBody {
    /// All of it, yet to be sent.
    #[must_use]
    pub fn unsent(&self) -> Unsent {
        Unsent { body: self.clone(), chunk: 0, at: 0, left: self.len() }
    }

    /// The bytes of a chunk, where they lie, counted from 0; nothing behind the last. An empty body has no chunk.
    pub(crate) fn bytes_of(&self, index: usize) -> Option<&[u8]> {
        match self.large() {
            Some(large) => large.chunks().get(index).map(|chunk| &**chunk),
            None => (index == 0 && !self.is_empty()).then(|| self.0.bytes()),
        }
    }
}

impl Unsent {
    /// What is left of the chunk that is so many behind the next one; nothing behind the last.
    fn rest_of(&self, behind: usize) -> Option<&[u8]> {
        let chunk = self.body.bytes_of(self.chunk + behind)?;
        chunk.get(if behind == 0 { self.at } else { 0 }..)
    }
}

/// To advance beyond the end is to be at the end.
impl Buf for Unsent {
    fn remaining(&self) -> usize {
        usize::try_from(self.left).unwrap_or(usize::MAX)
    }

    fn chunk(&self) -> &[u8] {
        self.rest_of(0).unwrap_or_default()
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let chunks = (0..).map_while(|behind| self.rest_of(behind));
        let filled =
            slices.iter_mut().zip(chunks).map(|(slice, chunk)| *slice = IoSlice::new(chunk));
        filled.count()
    }

    fn advance(&mut self, mut count: usize) {
        while let Some(rest) = self.rest_of(0).map(<[u8]>::len) {
            if count < rest {
                self.at += count;
                self.left = self.left.saturating_sub(count as u64);
                return;
            }
            count -= rest;
            self.left = self.left.saturating_sub(rest as u64);
            (self.chunk, self.at) = (self.chunk + 1, 0);
        }
    }
}
