//! The lane as hyper sees it: a connection that has something to read when it is hyper's turn.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use selvedge::Request;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Lane, Turn};
use crate::{reply::Reply, soon::Soon};

impl<T, A> Read for Lane<T, A>
where
    T: AsyncRead + AsyncWrite + Unpin,
    A: FnMut(Request) -> Soon<Reply> + Unpin,
{
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.turn == Turn::Lane {
            ready!(self.poll_lane(cx))?;
        }
        match self.turn {
            // The client has nothing more to say.
            Turn::Lane => Poll::Ready(Ok(())),
            Turn::Handing(left) => {
                let left = left - self.give(left, &mut buf);
                self.turn = if left == 0 { Turn::Hyper } else { Turn::Handing(left) };
                Poll::Ready(Ok(()))
            }
            Turn::Hyper => self.poll_client(cx),
            Turn::ForGood if self.input.is_empty() => Pin::new(&mut self.io).poll_read(cx, buf),
            Turn::ForGood => {
                self.give(usize::MAX, &mut buf);
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl<T, A> Write for Lane<T, A>
where
    T: AsyncRead + AsyncWrite + Unpin,
    A: FnMut(Request) -> Soon<Reply> + Unpin,
{
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_output(cx))?;
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    /// Called when nothing that hyper wrote is left. If that was all of an answer, it is the lane's turn again.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        if self.turn == Turn::Hyper && self.desk.take_end() {
            self.turn = Turn::Lane;
            if !self.input.is_empty() {
                // hyper was told that there is nothing to read.
                cx.waker().wake_by_ref();
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_output(cx))?;
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_output(cx))?;
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }
}
