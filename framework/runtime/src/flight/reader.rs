//! One reader of a body that is coming in.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::stream::{Given, Stream};

/// A body of the bytes from some place of a stream on.
pub struct Reader {
    stream: Arc<Stream>,
    /// Its seat, until it has all that it wants.
    place: Option<usize>,
    at: u64,
    /// Where it ends, if that is known: at the end of a range, or of the declared length.
    to: Option<u64>,
    is_over: bool,
}

/// The body broke off before all of it had come, or its reader was too slow for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body broke off")
    }
}

impl std::error::Error for BrokenOff {}

impl Reader {
    pub(super) fn new(stream: Arc<Stream>, place: usize, from: u64, to: Option<u64>) -> Self {
        Self { stream, place: Some(place), at: from, to, is_over: false }
    }

    /// The part of what came that is asked for.
    fn wanted(&mut self, data: Bytes) -> Bytes {
        let left = self.to.map_or(u64::MAX, |to| to.saturating_sub(self.at));
        self.at += data.len() as u64;
        match usize::try_from(left) {
            Ok(left) if left < data.len() => data.slice(..left),
            _ => data,
        }
    }

    fn leave(&mut self) {
        self.place.take().into_iter().for_each(|place| self.stream.leave(place));
    }

    /// Whether it has all the bytes that it wants, whatever else comes.
    fn has_all(&self) -> bool {
        self.to.is_some_and(|to| self.at >= to) && self.to != self.stream.declared()
    }
}

impl Body for Reader {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let Some(place) = self.place.filter(|_| !self.is_over) else { return Poll::Ready(None) };
        let given = ready!(self.stream.poll_read(place, cx));
        Poll::Ready(match given {
            Given::Data(data) => {
                let data = self.wanted(data);
                // Whoever keeps it now that it has all should not keep the others waiting.
                if self.has_all() {
                    self.leave();
                }
                Some(Ok(Frame::data(data)))
            }
            Given::End(trailers) => {
                self.is_over = true;
                trailers.map(|trailers| Ok(Frame::trailers(trailers)))
            }
            Given::Broken => {
                self.is_over = true;
                Some(Err(BrokenOff))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.is_over || self.place.is_none() || self.stream.is_over(self.at)
    }

    fn size_hint(&self) -> SizeHint {
        match self.to {
            Some(to) => SizeHint::with_exact(to.saturating_sub(self.at)),
            None => SizeHint::default(),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.leave();
    }
}
