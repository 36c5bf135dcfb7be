//! A body of which the lane has taken the first frame, and put it back.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge::Body;

type Framed = Result<Frame<Bytes>, axum::Error>;

/// The same body as before: this frame, and the rest.
pub(super) fn begun(first: Framed, rest: Body) -> Body {
    Body::new(Begun { first: Some(first), rest })
}

struct Begun {
    first: Option<Framed>,
    rest: Body,
}

impl http_body::Body for Begun {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Framed>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    /// What it was before: only one of a known length is begun.
    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.size_hint();
        let first = self.first.as_ref().and_then(|first| first.as_ref().ok()?.data_ref());
        let first = first.map_or(0, |data| data.len() as u64);
        let mut both = SizeHint::new();
        both.set_lower(rest.lower().saturating_add(first));
        rest.upper().into_iter().for_each(|upper| both.set_upper(upper.saturating_add(first)));
        both
    }
}
