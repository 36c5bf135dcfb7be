//! The body of a scripted reply: chunk by chunk, held by a gate, slowed down by the clock, broken off by a fault.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::Frame;
use selvedge::host::BoxFuture;

use super::{fault::Cut, gate::Gate, stage::Stage};

/// Chunks that are still to come.
pub(super) struct Scripted {
    chunks: VecDeque<Bytes>,
    end: End,
    holds: Holds,
}

/// How it ends when no chunk is left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    BrokenOff,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Chunk,
    End,
}

/// What each chunk waits for.
pub(super) struct Holds {
    pub(super) gate: Option<Gate>,
    pub(super) pace: Option<Duration>,
    pub(super) stage: Stage,
    /// The steps at the gate that are done; the head was the first one.
    pub(super) step: usize,
    pub(super) waiting: Option<BoxFuture<'static, ()>>,
}

impl Scripted {
    pub(super) fn new(chunks: Vec<Bytes>, cut: Option<Cut>, holds: Holds) -> Self {
        let (chunks, end) = match cut {
            None => (chunks.into(), End::Whole),
            Some(Cut::Chunks(count)) => (chunks.into_iter().take(count).collect(), End::BrokenOff),
            Some(Cut::Bytes(count)) => (first_bytes(chunks, count), End::BrokenOff),
        };
        Self { chunks, end, holds }
    }
}

fn first_bytes(chunks: Vec<Bytes>, mut count: usize) -> VecDeque<Bytes> {
    let mut first = VecDeque::new();
    for chunk in chunks {
        let length = chunk.len().min(count);
        count -= length;
        if length > 0 {
            first.push_back(chunk.slice(..length));
        }
    }
    first
}

impl Holds {
    /// Waits for the next chunk, or for the end, which the clock does not hold up.
    fn poll_next(&mut self, cx: &mut Context<'_>, next: Next) -> Poll<()> {
        let pace = self.pace.filter(|_| next == Next::Chunk);
        if self.gate.is_none() && pace.is_none() {
            return Poll::Ready(());
        }
        if self.waiting.is_none() {
            self.waiting = Some(self.wait(pace));
        }
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(cx));
        }
        (self.step, self.waiting) = (self.step + 1, None);
        Poll::Ready(())
    }

    fn wait(&self, pace: Option<Duration>) -> BoxFuture<'static, ()> {
        let (gate, step) = (self.gate.clone(), self.step + 1);
        let stage = self.stage.clone();
        Box::pin(async move {
            if let Some(gate) = gate {
                stage.hold(gate.pass(step)).await;
            }
            if let Some(pace) = pace {
                stage.sleep(pace).await;
            }
        })
    }
}

impl http_body::Body for Scripted {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let next = if self.chunks.is_empty() { Next::End } else { Next::Chunk };
        ready!(self.holds.poll_next(cx, next));
        match (self.chunks.pop_front(), self.end) {
            (Some(chunk), _) => Poll::Ready(Some(Ok(Frame::data(chunk)))),
            (None, End::Whole) => Poll::Ready(None),
            (None, End::BrokenOff) => {
                Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty() && self.end == End::Whole && self.holds.gate.is_none()
    }
}
