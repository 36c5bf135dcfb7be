//! The bytes of a value on their way to whoever reads them, in the room that they take until then.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::store::kv::KvRoom;

/// The chunks as the frames of a body.
pub(super) struct Frames {
    chunks: VecDeque<Bytes>,
    left: u64,
    _room: KvRoom,
}

/// Bytes in room of the host's.
pub(super) struct InRoom {
    bytes: Bytes,
    _room: KvRoom,
}

impl InRoom {
    pub(super) fn of(bytes: Bytes, room: KvRoom) -> Self {
        Self { bytes, _room: room }
    }
}

impl AsRef<[u8]> for InRoom {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Frames {
    pub(super) fn of(chunks: VecDeque<Bytes>, left: u64, room: KvRoom) -> Self {
        Self { chunks, left, _room: room }
    }
}

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.chunks.pop_front();
        let bytes = next.as_ref().map_or(0, Bytes::len);
        self.left = self.left.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        Poll::Ready(next.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
