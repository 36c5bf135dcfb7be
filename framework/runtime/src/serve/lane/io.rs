//! The lane as hyper sees it: a connection that has something to read when it is hyper's turn.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Ask, Lane, Turn};

/// A lane that hyper has, too. Both are asked by the connection's task only, one after the other.
pub(in crate::serve) struct Shared<T, A>(Arc<Mutex<Lane<T, A>>>);

impl<T, A> Shared<T, A> {
    pub(super) fn of(lane: Lane<T, A>) -> Self {
        Self(Arc::new(Mutex::new(lane)))
    }

    fn lane(&self) -> MutexGuard<'_, Lane<T, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, A> Clone for Shared<T, A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T, A> Shared<T, A>
where
    T: AsyncRead + AsyncWrite + Unpin,
    A: Ask,
{
    /// Does what is the lane's to do. Ready when it is hyper's turn.
    pub(super) fn poll_turn(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.lane().poll_turn(cx)
    }

    /// Whether it is the lane's turn.
    pub(super) fn has_turn(&self) -> bool {
        self.lane().turn == Turn::Lane
    }
}

impl<T, A> Read for Shared<T, A>
where
    T: AsyncRead + AsyncWrite + Unpin,
    A: Ask,
{
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut lane = self.lane();
        match lane.turn {
            // hyper is asked again when it is its turn.
            Turn::Lane => Poll::Pending,
            Turn::Handing(left) => {
                let left = left - lane.give(left, &mut buf);
                lane.turn = if left == 0 { Turn::Hyper } else { Turn::Handing(left) };
                Poll::Ready(Ok(()))
            }
            Turn::Hyper => lane.poll_client(cx),
            Turn::ForGood => {
                if lane.input.is_empty() {
                    ready!(Pin::new(&mut lane.io).poll_read(cx, buf))?;
                } else {
                    lane.give(usize::MAX, &mut buf);
                }
                lane.desk.note_read();
                Poll::Ready(Ok(()))
            }
            Turn::Over => Poll::Ready(lane.failed.take().map_or(Ok(()), Err)),
        }
    }
}

impl<T, A> Write for Shared<T, A>
where
    T: AsyncRead + AsyncWrite + Unpin,
    A: Ask,
{
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut lane = self.lane();
        ready!(lane.poll_output(cx))?;
        lane.desk.note_write();
        Pin::new(&mut lane.io).poll_write(cx, buf)
    }

    /// Called when nothing that hyper wrote is left. If that was all of an answer, it is the lane's turn again.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut lane = self.lane();
        ready!(Pin::new(&mut lane.io).poll_flush(cx))?;
        if lane.desk.take_end() && lane.turn == Turn::Hyper {
            lane.turn = Turn::Lane;
        }
        Poll::Ready(Ok(()))
    }

    /// hyper ends the connection: nothing more is answered here.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut lane = self.lane();
        lane.turn = Turn::ForGood;
        ready!(lane.poll_output(cx))?;
        Pin::new(&mut lane.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.lane().io.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut lane = self.lane();
        ready!(lane.poll_output(cx))?;
        lane.desk.note_write();
        Pin::new(&mut lane.io).poll_write_vectored(cx, bufs)
    }
}
