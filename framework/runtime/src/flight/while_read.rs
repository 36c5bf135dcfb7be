//! A wait that goes on while what was waited for is read: a body may come in for long after its head.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge::{Body, Response};

use super::Waiting;

impl Waiting {
    /// Waits until the response's body is dropped, where anybody could come to wait for who reads it.
    #[must_use]
    pub fn while_read(self, response: Response) -> Response {
        match self.is_noted() {
            true => response.map(|body| Body::new(Reading { body, _waiting: self })),
            false => response,
        }
    }
}

/// A body with the wait for it.
struct Reading {
    body: Body,
    _waiting: Waiting,
}

impl http_body::Body for Reading {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
