//! A stored body on its way out: shared chunks, nothing copied.

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
pub(super) struct Chunks {
    from: From,
    left: u64,
    /// What pieces are of, which stays in the shelf's accounts until they are read.
    _held: Option<StoredBody>,
}

enum From {
    /// A whole stored body, and the next of its chunks.
    Stored(StoredBody, usize),
    /// Pieces of one, and texts between them.
    Pieces(VecDeque<Bytes>),
}

impl Chunks {
    pub(super) fn stored(body: &StoredBody) -> Self {
        Self { from: From::Stored(body.clone(), 0), left: body.len(), _held: None }
    }

    pub(super) fn of(pieces: VecDeque<Bytes>, body: &StoredBody) -> Self {
        let left = pieces.iter().map(|piece| piece.len() as u64).sum();
        Self { from: From::Pieces(pieces), left, _held: Some(body.clone()) }
    }

    fn next(&mut self) -> Option<Bytes> {
        match &mut self.from {
            From::Pieces(pieces) => pieces.pop_front(),
            From::Stored(body, next) => {
                let chunk = body.chunk(*next);
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
