//! A body that the platform gives, read as it is asked for.
//!
//! Reading blocks: nothing else runs meanwhile, but what was sent goes on in the platform.

use std::{
    io::{self, Read},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// A body that comes in.
pub(super) struct Incoming {
    body: ::fastly::Body,
    left: Left,
}

/// How many bytes are to come.
enum Left {
    Known(u64),
    Unknown,
    Ended,
}

impl Incoming {
    pub(super) fn new(mut body: ::fastly::Body) -> Self {
        let left = match body.known_length() {
            Some(0) => Left::Ended,
            Some(length) => Left::Known(length),
            None => Left::Unknown,
        };
        Self { body, left }
    }

    /// The next bytes; `None` at the end.
    fn read(&mut self) -> io::Result<Option<Bytes>> {
        if let Left::Ended = self.left {
            return Ok(None);
        }
        let mut piece = vec![0; PIECE];
        let length = self.body.read(&mut piece)?;
        piece.truncate(length);
        if length == 0 {
            let left = std::mem::replace(&mut self.left, Left::Ended);
            return match left {
                Left::Known(_) => Err(io::ErrorKind::UnexpectedEof.into()),
                Left::Unknown | Left::Ended => Ok(None),
            };
        }
        self.count(length);
        Ok(Some(piece.into()))
    }

    fn count(&mut self, length: usize) {
        if let Left::Known(left) = self.left {
            let left = left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
            self.left = if left == 0 { Left::Ended } else { Left::Known(left) };
        }
    }
}

impl http_body::Body for Incoming {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.read().map(|piece| piece.map(Frame::data)).transpose())
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.left, Left::Ended)
    }

    fn size_hint(&self) -> SizeHint {
        match self.left {
            Left::Known(left) => SizeHint::with_exact(left),
            Left::Ended => SizeHint::with_exact(0),
            Left::Unknown => SizeHint::default(),
        }
    }
}
