//! A stored body on its way out: shared chunks, nothing copied.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge_cache::fill::StoredBody;

/// Reads a stored body from its start.
pub(super) struct Shelved {
    chunks: Arc<[Bytes]>,
    next: usize,
    left: u64,
}

impl Shelved {
    pub(super) fn new(body: &StoredBody) -> Self {
        Self { chunks: Arc::clone(body.chunks()), next: 0, left: body.len() }
    }
}

impl http_body::Body for Shelved {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(chunk) = self.chunks.get(self.next).cloned() else { return Poll::Ready(None) };
        self.next += 1;
        self.left = self.left.saturating_sub(chunk.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.chunks.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
