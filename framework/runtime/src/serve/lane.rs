//! The short way of a connection: plain requests whose answer is there at once are answered below the HTTP library.
//!
//! hyper keeps a state for every message, and reads and writes each in several steps. A hit that is answered as it is
//! stored needs none of that, not even a header map, nor does what a handler has made at once (`made`); and most of what
//! a client asks is answered so. So while hyper waits for a request, what comes in is looked at here first (`head`), and
//! hyper is not even asked (`turns`); a request that is plain is given to the same pipeline as any other, and if the whole
//! answer is there, it is written here.
//!
//! Anything else is hyper's, untouched and in order: the bytes of the request, and with them the answer that the pipeline
//! has given already, or is about to (`desk`). Until hyper has sent that whole answer nothing more is answered here; and
//! where it cannot be said where a request ends, the rest of the connection is hyper's (`Leave`). Nothing decides here
//! what is answered: every rule is the pipeline's.

mod begun;
mod date;
mod desk;
mod head;
mod io;
mod made;
mod output;
mod patience;
mod turns;
mod watched;

use std::{
    io::{Error, Result},
    mem::MaybeUninit,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, Bytes, BytesMut};
use http::Method;
use hyper::rt::ReadBufCursor;
use hyper_util::rt::TokioIo;
use selvedge::Request;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use self::{date::Date, output::Output};
pub(super) use self::{
    desk::Desk, io::Shared, patience::Patience, turns::in_turns, watched::Watched,
};
use super::{conn::HEAD_MAX, http1::Lanes};
use crate::{reply::Reply, soon::Soon};

/// So many bytes are read at once.
const PORTION: usize = 8 * 1024;
const _: () = assert!(PORTION <= HEAD_MAX);

/// Asks the pipeline, which takes the request where it does not answer it at once.
pub(super) trait Ask: FnMut(&mut Request) -> Soon<Reply> + Unpin {}

impl<A: FnMut(&mut Request) -> Soon<Reply> + Unpin> Ask for A {}

/// A connection with a short way.
pub(super) struct Lane<T, A> {
    io: TokioIo<T>,
    ask: A,
    desk: Arc<Desk>,
    turn: Turn,
    /// How the connection has failed, which hyper has yet to hear.
    failed: Option<Error>,
    /// What has come in, and nobody has taken.
    input: Bytes,
    /// Where it comes in.
    room: BytesMut,
    /// Answers that are written here.
    output: Output,
    date: Date,
    /// The request that is answered, and else an empty one, in which the next has its room.
    request: Request,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// The lane's: hyper waits for a request.
    Lane,
    /// hyper is given one, of which so many bytes are left.
    Handing(usize),
    /// hyper answers it.
    Hyper,
    /// hyper's, from now on.
    ForGood,
    /// Nobody's: nothing more is to come, as hyper has yet to hear.
    Over,
}

impl<T, A> Lane<T, A>
where
    T: AsyncRead + AsyncWrite + Unpin,
    A: Ask,
{
    /// A connection whose plain requests are given to `ask`. The same desk is hyper's service's.
    pub(super) fn over(io: T, lanes: Lanes, desk: Arc<Desk>, ask: A) -> Shared<T, A> {
        let (input, room, output) = (Bytes::new(), BytesMut::new(), Output::default());
        let (failed, date, io) = (None, Date::default(), TokioIo::new(io));
        let request = Request::default();
        let turn = match lanes {
            Lanes::Open => Turn::Lane,
            Lanes::Closed => Turn::ForGood,
        };
        Shared::of(Self { io, ask, desk, turn, failed, input, room, output, date, request })
    }

    /// Does what is the lane's to do. Ready when it is hyper's turn.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.turn == Turn::Lane {
            self.failed = ready!(self.poll_lane(cx)).err();
            if self.turn == Turn::Lane || self.failed.is_some() {
                self.turn = Turn::Over;
            }
        }
        Poll::Ready(())
    }

    /// Answers what can be answered here. Ready when it is hyper's turn, or there is nothing more to come.
    fn poll_lane(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.output.begin_turn();
        loop {
            self.answer_plain(cx);
            // Nothing of hyper's comes before what was answered here.
            ready!(self.poll_output(cx))?;
            if self.turn != Turn::Lane {
                return Poll::Ready(Ok(()));
            }
            if self.input.is_empty() && ready!(self.poll_input(cx))? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Answers the plain requests that have come in, up to one that is not.
    fn answer_plain(&mut self, cx: &mut Context<'_>) {
        while self.turn == Turn::Lane && !self.input.is_empty() && self.output.takes_more() {
            match head::read(&self.input, &mut self.request) {
                Ok(length) => self.answer(length, cx),
                Err(_) => self.turn = Turn::ForGood,
            }
        }
    }

    /// Asks once, whoever writes the answer.
    fn answer(&mut self, length: usize, cx: &mut Context<'_>) {
        let has_content = *self.request.method() != Method::HEAD;
        let reply = (self.ask)(&mut self.request).begun(cx);
        head::clear(&mut self.request);
        match self.write(reply, has_content, cx) {
            None => self.input.advance(length),
            Some(reply) => {
                self.turn = Turn::Handing(length);
                self.desk.put(self.input.slice(..length), reply);
            }
        }
    }

    /// Writes an answer that is there, or gives it back where it is not the lane's.
    fn write(
        &mut self,
        reply: Soon<Reply>,
        has_content: bool,
        cx: &mut Context<'_>,
    ) -> Option<Soon<Reply>> {
        match reply {
            Soon::Now(Reply::Stored(stored)) if self.output.add(&stored).is_ok() => None,
            Soon::Now(Reply::Made(response)) if has_content => {
                let left = made::write(response, &mut self.date, self.output.text(), cx);
                left.map(|response| Soon::Now(Reply::Made(response)))
            }
            reply => Some(reply),
        }
    }

    /// Writes what was answered here. No more is asked before the client has taken it.
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if self.output.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let written = self.output.poll_write(Pin::new(self.io.inner_mut()), cx);
        match written {
            Poll::Pending => self.desk.note_stuck(),
            Poll::Ready(_) => self.desk.note_answer(),
        }
        written
    }

    /// Reads more, and says how much; nothing at the end.
    fn poll_input(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        let mut portion = [const { MaybeUninit::uninit() }; PORTION];
        let mut portion = ReadBuf::uninit(&mut portion);
        ready!(Pin::new(self.io.inner_mut()).poll_read(cx, &mut portion))?;
        // Nothing of a request is left where the last one was, so its memory is used again.
        self.input = Bytes::new();
        self.room.extend_from_slice(portion.filled());
        self.input = self.room.split().freeze();
        Poll::Ready(Ok(portion.filled().len()))
    }

    /// hyper looks whether the client is still there, while it answers. What the client says then is kept.
    fn poll_client(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if self.input.is_empty() && ready!(self.poll_input(cx))? == 0 {
            return Poll::Ready(Ok(()));
        }
        Poll::Pending
    }

    /// Gives hyper so many bytes of what has come in, at most.
    fn give(&mut self, most: usize, buf: &mut ReadBufCursor<'_>) -> usize {
        let given = self.input.split_to(most.min(self.input.len()).min(buf.remaining()));
        buf.put_slice(&given);
        given.len()
    }
}
