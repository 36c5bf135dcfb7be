//! A response's body in as few writes as it allows: pieces that are there already are handed on together.
//!
//! hyper writes when it has been given two pieces or so of a long body, and each write wakes whoever reads at the other end.
//! Nothing is copied, and nothing is waited for.

use std::{
    collections::VecDeque,
    io::IoSlice,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http_body::{Body as _, Frame, SizeHint};
use selvedge::Body;

/// So many bytes are handed on together, and a piece.
const MOST: usize = 512 * 1024;
/// So many pieces are: half of what hyper gives to one write.
const PIECES: usize = 32;

/// A body whose pieces are gathered.
pub(super) struct Gathering {
    body: Body,
    /// What came behind pieces that were handed on.
    next: Next,
}

type Came = Result<Frame<Bytes>, axum::Error>;

enum Next {
    /// Nobody has looked.
    Unknown,
    /// What is no piece.
    Came(Came),
    /// Nothing more.
    Nothing,
}

impl Gathering {
    pub(super) fn of(body: Body) -> Self {
        Self { body, next: Next::Unknown }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Came>> {
        match std::mem::replace(&mut self.next, Next::Unknown) {
            Next::Unknown => Pin::new(&mut self.body).poll_frame(cx),
            Next::Came(came) => Poll::Ready(Some(came)),
            Next::Nothing => {
                self.next = Next::Nothing;
                Poll::Ready(None)
            }
        }
    }

    /// The first piece, and those behind it that are there.
    fn gather(&mut self, first: Bytes, cx: &mut Context<'_>) -> Pieces {
        let mut pieces = Pieces::of(first);
        while pieces.have_room() && !self.body.is_end_stream() {
            match Pin::new(&mut self.body).poll_frame(cx).map_ok(Frame::into_data) {
                Poll::Ready(Some(Ok(Ok(piece)))) => pieces.push(piece),
                Poll::Ready(Some(Ok(Err(frame)))) => {
                    self.next = Next::Came(Ok(frame));
                    break;
                }
                Poll::Ready(Some(Err(error))) => {
                    self.next = Next::Came(Err(error));
                    break;
                }
                Poll::Ready(None) => {
                    self.next = Next::Nothing;
                    break;
                }
                Poll::Pending => break,
            }
        }
        pieces
    }
}

impl http_body::Body for Gathering {
    type Data = Pieces;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Pieces>, axum::Error>>> {
        let came = ready!(self.poll_next(cx));
        Poll::Ready(came.map(|came| {
            came.map(|frame| match frame.into_data() {
                Ok(first) => Frame::data(self.gather(first, cx)),
                // What is no piece is the end of the body.
                Err(other) => other.map_data(Pieces::of),
            })
        }))
    }

    /// What was seen of the end is told when it is asked for, as it would have been: hyper must hear of a body that is
    /// shorter than it says before it writes the head.
    fn is_end_stream(&self) -> bool {
        matches!(self.next, Next::Unknown) && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Bytes in several pieces. One that has been taken is let go.
#[derive(Debug)]
pub(super) struct Pieces {
    first: Bytes,
    others: VecDeque<Bytes>,
    left: usize,
}

impl Pieces {
    fn of(first: Bytes) -> Self {
        Self { left: first.len(), first, others: VecDeque::new() }
    }

    fn have_room(&self) -> bool {
        self.left < MOST && self.others.len() + 1 < PIECES
    }

    fn push(&mut self, piece: Bytes) {
        self.left += piece.len();
        self.others.push_back(piece);
    }
}

/// To advance beyond the end is to be at the end.
impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.left
    }

    fn chunk(&self) -> &[u8] {
        let others = self.others.iter();
        std::iter::once(&self.first).chain(others).find(|it| !it.is_empty()).map_or(&[], |it| it)
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let pieces = std::iter::once(&self.first).chain(&self.others).filter(|it| !it.is_empty());
        slices.iter_mut().zip(pieces).map(|(slice, piece)| *slice = IoSlice::new(piece)).count()
    }

    fn advance(&mut self, mut count: usize) {
        self.left = self.left.saturating_sub(count);
        while count >= self.first.len() {
            count -= self.first.len();
            match self.others.pop_front() {
                Some(next) => self.first = next,
                None => {
                    self.first = Bytes::new();
                    return;
                }
            }
        }
        self.first.advance(count);
    }
}

#[cfg(test)]
mod tests;
