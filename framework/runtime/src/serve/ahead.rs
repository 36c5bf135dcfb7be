//! A connection that can send interim responses ahead of a response.
//!
//! Who may send what and when is [`Outlet`]'s business; this is the place below the HTTP library where it is done.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use hyper::rt::{Read, ReadBufCursor, Write};

use crate::interim::{Outlet, Which};

/// A connection with an outlet.
pub(super) struct Ahead<T> {
    io: T,
    outlet: Arc<Outlet>,
}

impl<T> Ahead<T> {
    pub(super) fn of(io: T, outlet: Arc<Outlet>) -> Self {
        Self { io, outlet }
    }
}

impl<T: Write + Unpin> Ahead<T> {
    fn poll_heads(&mut self, which: Which, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outlet.poll_write(which, &mut self.io, cx)
    }
}

impl<T: Read + Unpin> Read for Ahead<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: Write + Unpin> Write for Ahead<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_heads(Which::Begun, cx))?;
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    /// Called when nothing that was written before is left.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_heads(Which::All, cx))?;
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_heads(Which::Begun, cx))?;
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
        ready!(self.poll_heads(Which::Begun, cx))?;
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }
}
