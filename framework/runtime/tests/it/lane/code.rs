//! A handler whose answers are of all kinds: there at once or later, whole or in pieces, with and without what the
//! connection has a word in.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use selvedge::{Service, prelude::*};

/// What it is asked for.
pub(super) const PATHS: [&str; 20] = [
    "/text",
    "/empty",
    "/later",
    "/streamed",
    "/pieces",
    "/trailers",
    "/long",
    "/short",
    "/16k",
    "/17k",
    "/204",
    "/205",
    "/304",
    "/299",
    "/500",
    "/panics",
    "/closes",
    "/length",
    "/dated",
    "/after",
];

/// How often its work after a response was done.
#[derive(Clone, Default)]
pub(super) struct Done(pub(super) Arc<AtomicUsize>);

/// The service, which counts here.
pub(super) fn service(done: &Done) -> Service {
    let done = done.clone();
    let answer = move |after: After, request: Request| {
        let done = done.clone();
        async move { answer(request.uri().path(), &after, done).await }
    };
    Service::new("code", Router::new().fallback(answer), vec![])
}

async fn answer(path: &str, after: &After, Done(done): Done) -> Response {
    let status = |code: u16| StatusCode::from_u16(code).unwrap().into_response();
    match path {
        "/text" => "text".into_response(),
        "/empty" => ().into_response(),
        "/later" => {
            tokio::task::yield_now().await;
            "later".into_response()
        }
        "/streamed" => {
            let parts = ["a", "b"].map(|part| Ok::<_, Infallible>(Bytes::from(part)));
            Body::from_stream(futures_util::stream::iter(parts)).into_response()
        }
        "/pieces" => pieces(&["ab", "cd", "ef"], 6),
        "/trailers" => {
            Body::new(Pieces { trailers: true, ..Pieces::of(&["ab"], 2) }).into_response()
        }
        // A body that is shorter than it says, and one that is longer.
        "/long" => pieces(&["abc"], 6),
        "/short" => pieces(&["abc", "def"], 3),
        "/16k" => "s".repeat(16 * 1024).into_response(),
        "/17k" => "s".repeat(17 * 1024).into_response(),
        "/panics" => path.parse::<u8>().unwrap().to_string().into_response(),
        "/closes" => ([("connection", "close")], "closes").into_response(),
        "/length" => ([("content-length", "6")], "length").into_response(),
        "/dated" => ([("date", "Sun, 06 Nov 1994 08:49:37 GMT")], "dated").into_response(),
        "/after" => {
            after.spawn(async move {
                done.fetch_add(1, Ordering::Relaxed);
            });
            "after".into_response()
        }
        path => {
            path.strip_prefix('/').and_then(|code| code.parse().ok()).map_or(status(404), status)
        }
    }
}

fn pieces(parts: &[&'static str], length: u64) -> Response {
    Body::new(Pieces::of(parts, length)).into_response()
}

/// A body that comes piece by piece, and says how long it is.
struct Pieces {
    parts: Vec<&'static str>,
    length: u64,
    trailers: bool,
}

impl Pieces {
    fn of(parts: &[&'static str], length: u64) -> Self {
        Self { parts: parts.iter().rev().copied().collect(), length, trailers: false }
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        let part = this.parts.pop().map(|part| Frame::data(Bytes::from(part)));
        let rest = || std::mem::take(&mut this.trailers).then(|| Frame::trailers(HeaderMap::new()));
        let frame = part.or_else(rest);
        if let Some(data) = frame.as_ref().and_then(Frame::data_ref) {
            this.length = this.length.saturating_sub(data.len() as u64);
        }
        Poll::Ready(frame.map(Ok))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
