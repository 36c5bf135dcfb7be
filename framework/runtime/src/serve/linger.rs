//! A connection that is closed so that its client can read the answer.
//!
//! Where bytes have come that nobody read, the system ends the connection with a reset, and a client that is still
//! sending loses an answer that is on its way. Such a client has been refused early: its body is too large, say, its token
//! is wrong, or what it sends is no request. So the node says that it has no more to say, and takes in what comes for a
//! while, without looking at it, until the client ends the connection (RFC 9112 section 9.6).

use std::{
    future::pending,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::core::Stop;

/// How long the client may say nothing.
const SILENCE: Duration = Duration::from_secs(5);
/// How long all of it may take.
const LONGEST: Duration = Duration::from_secs(30);
/// How long it goes on when the node is told to stop: the answer has been sent, and its client has had time to read it.
const LAST: Duration = Duration::from_secs(1);
/// How much is taken in: more than the largest thing that the node would have kept.
const MOST: usize = 64 * 1024 * 1024;
/// So many bytes are read at once.
const PORTION: usize = 16 * 1024;

/// Whether a client may still be sending what nobody wants.
#[derive(Debug, Default)]
pub(crate) struct Unread(AtomicBool);

impl Unread {
    /// A body has begun.
    pub(super) fn begin(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// It was let go before its end, or something that is no request was refused.
    pub(super) fn leave(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether that is so.
    pub(super) fn is_left(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A stream that lingers when it is shut down.
pub(crate) struct Linger<T, F: Fn(&T) = fn(&T)> {
    io: T,
    unread: Arc<Unread>,
    end: End,
    stop: Option<Stop>,
    /// What is done with it when it is let go.
    at_last: F,
}

/// How far its end has come.
enum End {
    NotYet,
    Draining(Draining),
    Done,
}

struct Draining {
    silence: Pin<Box<Sleep>>,
    longest: Pin<Box<Sleep>>,
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
    taken: usize,
}

impl<T, F: Fn(&T)> Linger<T, F> {
    pub(crate) fn new(io: T, unread: Arc<Unread>, at_last: F) -> Self {
        Self { io, unread, end: End::NotYet, stop: None, at_last }
    }

    /// The same, and it does not hold up a node that is told to stop.
    pub(super) fn until(mut self, stop: Option<Stop>) -> Self {
        self.stop = stop;
        self
    }
}

impl<T, F: Fn(&T)> Drop for Linger<T, F> {
    fn drop(&mut self) {
        (self.at_last)(&self.io);
    }
}

impl<T: AsyncRead + Unpin, F: Fn(&T)> Linger<T, F> {
    /// Ready when nothing more is to be waited for.
    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let End::Draining(draining) = &mut self.end else { return Poll::Ready(()) };
        let mut portion = [0; PORTION];
        loop {
            let mut portion = ReadBuf::new(&mut portion);
            match Pin::new(&mut self.io).poll_read(cx, &mut portion) {
                Poll::Ready(Ok(())) if !portion.filled().is_empty() => {
                    draining.took(portion.filled().len());
                    if draining.taken >= MOST {
                        return Poll::Ready(());
                    }
                }
                Poll::Ready(_) => return Poll::Ready(()),
                // Nobody was sending anything.
                Poll::Pending if draining.taken == 0 && !self.unread.is_left() => {
                    return Poll::Ready(());
                }
                Poll::Pending => return draining.poll_over(cx),
            }
        }
    }
}

impl Draining {
    fn begin(stop: Option<Stop>) -> Self {
        let wait = |time| Box::pin(sleep(time));
        let stopped = Box::pin(stopped(stop));
        Self { silence: wait(SILENCE), longest: wait(LONGEST), stopped, taken: 0 }
    }

    fn took(&mut self, bytes: usize) {
        self.taken = self.taken.saturating_add(bytes);
        self.silence.as_mut().reset(Instant::now() + SILENCE);
    }

    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let silence = self.silence.as_mut().poll(cx);
        let longest = self.longest.as_mut().poll(cx);
        let stopped = self.stopped.as_mut().poll(cx);
        match silence.is_ready() || longest.is_ready() || stopped.is_ready() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// When a node that is told to stop waits no longer.
async fn stopped(stop: Option<Stop>) {
    let Some(mut stop) = stop else { return pending().await };
    // Who could tell it no more has stopped, too.
    let _ = stop.wait_for(|stop| *stop).await;
    sleep(LAST).await;
}

impl<T: AsyncRead + Unpin, F: Fn(&T) + Unpin> AsyncRead for Linger<T, F> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin, F: Fn(&T) + Unpin> AsyncWrite for Linger<T, F> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if matches!(self.end, End::NotYet) {
            ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
            self.end = End::Draining(Draining::begin(self.stop.take()));
        }
        ready!(self.poll_drained(cx));
        self.end = End::Done;
        Poll::Ready(Ok(()))
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }
}

#[cfg(test)]
mod tests;
