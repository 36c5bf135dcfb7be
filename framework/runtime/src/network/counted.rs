//! Connections that count their reads, to tell one that died unanswered from one that died in the
//! middle of an answer, and note when they wrote last, to tell how long an answer has taken. Making
//! one takes no longer than it may.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use selvedge::host::BoxFuture;
use tokio::time::Instant;
use tower::{BoxError, Service};

use super::moment::Moment;

/// The life of a connection so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Life(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    reads_since_write: AtomicU64,
    served: AtomicBool,
    wrote: Moment,
}

impl Life {
    /// Notes that a response came on it.
    pub(super) fn serve(&self) {
        self.0.served.store(true, Ordering::Relaxed);
    }

    /// Whether a response came on it before.
    pub(super) fn has_served(&self) -> bool {
        self.0.served.load(Ordering::Relaxed)
    }

    /// When something was written last.
    pub(super) fn wrote(&self) -> Instant {
        self.0.wrote.at()
    }

    fn write(&self) {
        self.0.reads_since_write.store(0, Ordering::Relaxed);
    }

    /// Whether nothing was read since the last write but the end of the connection: that is one
    /// read too.
    pub(super) fn ended_unanswered(&self) -> bool {
        self.0.reads_since_write.load(Ordering::Relaxed) <= 1
    }
}

/// Makes connections that count, each within a time: the name is looked up, and TLS agreed upon, in it too.
#[derive(Clone)]
pub(super) struct Counting<C> {
    pub(super) connector: C,
    pub(super) limit: Duration,
}

impl<C> Service<Uri> for Counting<C>
where
    C: Service<Uri, Future: Send + 'static, Error: Into<BoxError>>,
{
    type Response = Counted<C::Response>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.limit, self.connector.call(uri));
        Box::pin(async move {
            match connecting.await {
                Ok(io) => Ok(Counted { io: io.map_err(Into::into)?, life: Life::default() }),
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            }
        })
    }
}

/// A connection that counts.
pub(super) struct Counted<T> {
    io: T,
    life: Life,
}

impl<T: Connection> Connection for Counted<T> {
    fn connected(&self) -> Connected {
        self.io.connected().extra(self.life.clone())
    }
}

impl<T: Read + Unpin> Read for Counted<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = ready!(Pin::new(&mut self.io).poll_read(cx, buf));
        self.life.0.reads_since_write.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(read)
    }
}

impl<T: Write + Unpin> Write for Counted<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.life.write();
        let wrote = ready!(Pin::new(&mut self.io).poll_write(cx, buf));
        self.life.0.wrote.is_now();
        Poll::Ready(wrote)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
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
        self.life.write();
        let wrote = ready!(Pin::new(&mut self.io).poll_write_vectored(cx, bufs));
        self.life.0.wrote.is_now();
        Poll::Ready(wrote)
    }
}
