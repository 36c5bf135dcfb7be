//! The body of an answer that hyper sends, and when hyper has taken all of it.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http_body::{Frame, SizeHint};
use selvedge::Body;

use super::Desk;
use crate::serve::gather::{Gathering, Pieces};

/// A response's body; hyper lets it go when it has taken all of it, or ends the connection.
pub(in crate::serve) struct Watched {
    body: Gathering,
    desk: Arc<Desk>,
}

impl Watched {
    pub(super) fn of(body: Body, desk: &Arc<Desk>) -> Self {
        Self { body: Gathering::of(body), desk: Arc::clone(desk) }
    }
}

impl http_body::Body for Watched {
    type Data = Pieces;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Pieces>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.desk.note_taken();
    }
}
