//! A stored body on its way out: shared chunks, nothing copied.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge_cache::fill::StoredBody;

/// Chunks, one after another.
pub(super) struct Chunks {
    from: From,
    left: u64,
}

enum From {
    /// A whole stored body, and the next of its chunks.
    Stored(Arc<[Bytes]>, usize),
    /// Pieces of one, and texts between them.
    Pieces(VecDeque<Bytes>),
}

impl Chunks {
    pub(super) fn stored(body: &StoredBody) -> Self {
        Self { from: From::Stored(Arc::clone(body.chunks()), 0), left: body.len() }
    }

    pub(super) fn of(pieces: VecDeque<Bytes>) -> Self {
        let left = pieces.iter().map(|piece| piece.len() as u64).sum();
        Self { from: From::Pieces(pieces), left }
    }

    fn next(&mut self) -> Option<Bytes> {
        match &mut self.from {
            From::Pieces(pieces) => pieces.pop_front(),
            From::Stored(chunks, next) => {
                let chunk = chunks.get(*next).cloned();
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
