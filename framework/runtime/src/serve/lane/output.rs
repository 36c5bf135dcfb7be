//! Answers of the lane on their way to the client: text, and behind it the rest of the last answer where its body is long.
//!
//! A long body is sent from where it lies. While some of it is left no more requests are answered, so a connection holds
//! one such body at most, however many its client has asked for.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf as _;
use selvedge_cache::{answer::Unlike, body::Unsent};
use tokio::io::AsyncWrite;

use crate::reply::AsStored;

/// So many bytes of answers to a pipeline of requests are written at once.
const ANSWERS_MOST: usize = 16 * 1024;
/// What is kept for the next answers of a connection, in bytes.
const KEPT: usize = 4 * 1024;
/// So many pieces are given to the system at once: a text, and half a mebibyte where chunks are small.
const PIECES: usize = 33;
/// So many bytes are, and a piece. Each write wakes whoever reads at the other end, so that many small ones cost more than
/// what they carry.
const AT_ONCE: usize = 1024 * 1024;
/// A connection writes no more than this in one turn, and a piece; then it is the others' turn on its core.
const TURN: usize = 1024 * 1024;

/// Bytes on their way out.
#[derive(Default)]
pub(super) struct Output {
    text: Vec<u8>,
    /// How much of the text has been written.
    written: usize,
    /// What comes after the text.
    body: Option<Unsent>,
    /// How much was written in this turn.
    in_turn: usize,
}

impl Output {
    /// Takes another answer.
    ///
    /// # Errors
    /// Where it cannot be written as it is stored.
    pub(super) fn add(&mut self, answer: &AsStored) -> Result<(), Unlike> {
        self.body = answer.write(&mut self.text)?;
        Ok(())
    }

    /// Where another answer is written. That is for when there is no long one before it.
    pub(super) fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// Whether another answer may be taken before what there is has been written.
    pub(super) fn takes_more(&self) -> bool {
        self.body.is_none() && self.text.len() < ANSWERS_MOST
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.body.is_none()
    }

    /// It is this connection's turn.
    pub(super) fn begin_turn(&mut self) {
        self.in_turn = 0;
    }

    /// Writes all of them.
    pub(super) fn poll_write<T: AsyncWrite>(
        &mut self,
        mut io: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while self.has_more() {
            ready!(self.poll_turn(cx));
            match ready!(self.poll_some(io.as_mut(), cx))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.advance(written),
            }
        }
        self.text.clear();
        self.text.shrink_to(KEPT);
        self.written = 0;
        self.body = None;
        Poll::Ready(Ok(()))
    }

    /// Lets the others go first where much was written.
    fn poll_turn(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.in_turn < TURN {
            return Poll::Ready(());
        }
        self.begin_turn();
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Writes as much as the connection takes.
    fn poll_some<T: AsyncWrite>(
        &self,
        io: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let Some(body) = &self.body else { return io.poll_write(cx, self.rest()) };
        let mut pieces = [IoSlice::new(&[]); PIECES];
        let mut count = 0;
        if let (Some(first), text @ [_, ..]) = (pieces.first_mut(), self.rest()) {
            (*first, count) = (IoSlice::new(text), 1);
        }
        count += body.chunks_vectored(pieces.get_mut(count..).unwrap_or_default());
        io.poll_write_vectored(cx, few(pieces.get(..count).unwrap_or_default()))
    }

    /// What is left of the text.
    fn rest(&self) -> &[u8] {
        self.text.get(self.written..).unwrap_or_default()
    }

    fn has_more(&self) -> bool {
        !self.rest().is_empty() || self.body.as_ref().is_some_and(|body| body.has_remaining())
    }

    fn advance(&mut self, written: usize) {
        self.in_turn += written;
        let of_text = written.min(self.rest().len());
        self.written += of_text;
        if let Some(body) = &mut self.body {
            body.advance(written - of_text);
        }
    }
}

/// As many of the pieces as are written at once.
fn few<'p, 'b>(pieces: &'p [IoSlice<'b>]) -> &'p [IoSlice<'b>] {
    let begins =
        pieces.iter().scan(0, |sum, piece| Some(std::mem::replace(sum, *sum + piece.len())));
    pieces.get(..begins.take_while(|begin| *begin < AT_ONCE).count()).unwrap_or_default()
}
