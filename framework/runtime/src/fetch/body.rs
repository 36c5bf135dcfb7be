//! A stored body on its way out: shared chunks, nothing copied. Whoever reads it keeps it in the shelf's accounts.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge_cache::fill::StoredBody;

/// Chunks, one after another.
pub(crate) struct Chunks {
    body: StoredBody,
    next: Next,
    left: u64,
}

enum Next {
    /// The chunk with this number, of the whole body.
    Chunk(usize),
    /// Pieces of it, and texts between them.
    Pieces(VecDeque<Bytes>),
}

impl Chunks {
    pub(crate) fn stored(body: &StoredBody) -> Self {
        Self { body: body.clone(), next: Next::Chunk(0), left: body.len() }
    }

    pub(crate) fn of(body: &StoredBody, pieces: VecDeque<Bytes>) -> Self {
        let left = pieces.iter().map(|piece| piece.len() as u64).sum();
        Self { body: body.clone(), next: Next::Pieces(pieces), left }
    }

    fn next(&mut self) -> Option<Bytes> {
        match &mut self.next {
            Next::Pieces(pieces) => pieces.pop_front(),
            Next::Chunk(next) => {
                let chunk = self.body.chunk(*next);
                *next += 1;
                chunk
            }
        }
    }
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(chunk) = self.next() else { return Poll::Ready(None) };
        self.left = self.left.saturating_sub(chunk.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
