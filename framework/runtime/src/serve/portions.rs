//! A response's body in portions: the next one is handed to the connection when the last has been sent.
//!
//! A connection takes more than it can send, and keeps it. What lies on the shelf costs nothing by that; every other body
//! would be in memory twice, and a thousand slow readers would hold a thousand buffers.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge::{Body, Response};

use crate::fetch::{FromShelf, SMALL};

/// As many bytes may be under way before the next ones are handed on.
const FEW: usize = SMALL as usize;

/// Hands the body on in portions, unless it lies on the shelf or is small.
pub(crate) fn in_portions(mut response: Response) -> Response {
    let is_stored = response.extensions_mut().remove::<FromShelf>().is_some();
    let most = http_body::Body::size_hint(response.body()).upper();
    let is_small = most.is_some_and(|most| most <= SMALL);
    match is_stored || is_small {
        true => response,
        false => response.map(|body| Body::new(Portions { body, sent: Arc::default() })),
    }
}

struct Portions {
    body: Body,
    sent: Arc<UnderWay>,
}

impl http_body::Body for Portions {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        ready!(self.sent.poll_few(cx));
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let sent = &self.sent;
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(|data| sent.hand(data)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Bytes that are under way to one client.
#[derive(Default)]
struct UnderWay {
    bytes: AtomicUsize,
    reader: Mutex<Option<Waker>>,
}

impl UnderWay {
    /// Waits until there are few.
    fn poll_few(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.are_few() {
            return Poll::Ready(());
        }
        *self.reader() = Some(cx.waker().clone());
        // They may have been sent between the two looks.
        if self.are_few() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// The same bytes, which count until the last of them is dropped.
    fn hand(self: &Arc<Self>, bytes: Bytes) -> Bytes {
        self.bytes.fetch_add(bytes.len(), Ordering::SeqCst);
        Bytes::from_owner(Portion { bytes, sent: Arc::clone(self) })
    }

    fn are_few(&self) -> bool {
        self.bytes.load(Ordering::SeqCst) < FEW
    }

    /// No step under the lock can leave it half changed.
    fn reader(&self) -> MutexGuard<'_, Option<Waker>> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes on their way.
struct Portion {
    bytes: Bytes,
    sent: Arc<UnderWay>,
}

impl AsRef<[u8]> for Portion {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Portion {
    fn drop(&mut self) {
        self.sent.bytes.fetch_sub(self.bytes.len(), Ordering::SeqCst);
        let reader = self.sent.reader().take();
        reader.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use http_body_util::BodyExt;

    use super::*;

    fn response(chunks: usize) -> Response {
        let chunks = (0..chunks).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![7; FEW])));
        Response::new(Body::from_stream(futures_util::stream::iter(chunks)))
    }

    #[test]
    fn the_next_portion_waits_until_the_last_is_sent() {
        let mut body = in_portions(response(2)).into_body();
        let mut next = || body.frame().now_or_never().map(|frame| frame.unwrap().unwrap());
        let first = next().unwrap().into_data().unwrap();
        let half = first.slice(..FEW / 2);
        drop(first);
        assert!(next().is_none(), "a part of it is not sent yet");
        drop(half);
        assert_eq!(next().unwrap().into_data().unwrap().len(), FEW);
    }

    #[test]
    fn what_lies_on_the_shelf_is_handed_on_as_it_is() {
        let mut stored = response(2);
        stored.extensions_mut().insert(FromShelf);
        let mut body = in_portions(stored).into_body();
        let frames: Vec<_> = (0..2).map(|_| body.frame().now_or_never().flatten()).collect();
        assert!(frames.iter().all(Option::is_some));
    }
}
