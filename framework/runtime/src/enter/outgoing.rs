//! A body that a handler streams: what goes wrong in it is told, since its head is on its way and no page can say so any
//! more. A panic in it is an end like any other, and the connection's only.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use selvedge::{Body, error::with_causes};

use super::panic_text;
use crate::hop::Hop;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The body as it goes out. One whose length is known is whole already, or not of the handler's making.
pub(super) fn watched(hop: &Arc<Hop>, body: Body) -> Body {
    match body.size_hint().exact() {
        Some(_) => body,
        None => Body::new(Outgoing { body: Some(body), hop: Arc::clone(hop) }),
    }
}

struct Outgoing {
    /// None once it has failed.
    body: Option<Body>,
    hop: Arc<Hop>,
}

impl Outgoing {
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Failed>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        match catch_unwind(AssertUnwindSafe(|| Pin::new(body).poll_frame(cx))) {
            Ok(polled) => polled.map_err(Into::into),
            Err(panic) => {
                let text = format!("the handler panicked: {}", panic_text(&*panic));
                Poll::Ready(Some(Err(io::Error::other(text).into())))
            }
        }
    }

    fn tell(&self, failed: &Failed) {
        let line = format!("{} the body broke off", self.hop.along.id);
        let line = with_causes(line, Some(&**failed));
        self.hop.world().tell.log(self.hop.service.name(), &line);
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = Failed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failed>>> {
        let frame = ready!(self.poll_body(cx));
        if let Some(Err(failed)) = &frame {
            self.tell(failed);
            self.body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(http_body::Body::size_hint).unwrap_or_default()
    }
}
