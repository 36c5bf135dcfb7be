//! A response of any size, made while it is sent.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Path,
    response::{IntoResponse, Response},
};
use selvedge::prelude::header;

const CHUNK: u64 = 64 * 1024;

pub(crate) async fn stream(Path(bytes): Path<u64>) -> Response {
    let chunk = Bytes::from(vec![b'x'; CHUNK as usize]);
    let headers = [
        (header::CACHE_CONTROL, "max-age=60".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
    ];
    (headers, Body::new(Blob { chunk, left: bytes })).into_response()
}

struct Blob {
    chunk: Bytes,
    left: u64,
}

impl HttpBody for Blob {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        let size = self.left.min(CHUNK);
        self.left -= size;
        let data = self.chunk.slice(..size as usize);
        Poll::Ready((size > 0).then(|| Ok(http_body::Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }
}
