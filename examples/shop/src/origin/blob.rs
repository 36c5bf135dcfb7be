//! Bodies of any size: made while they are sent, counted while they arrive.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Path,
    response::{IntoResponse, Response},
};
use selvedge::prelude::{StatusCode, header};

const CHUNK: u64 = 64 * 1024;

pub(crate) async fn stream(Path(bytes): Path<u64>) -> Response {
    let chunk = Bytes::from(vec![b'x'; CHUNK as usize]);
    let headers = [
        (header::CACHE_CONTROL, "max-age=60".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
    ];
    (headers, Body::new(Blob { chunk, left: bytes })).into_response()
}

pub(crate) async fn sink(body: Body) -> Result<String, StatusCode> {
    let mut body = body;
    let mut bytes = 0;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
        bytes += frame.data_ref().map_or(0, Bytes::len);
    }
    Ok(format!("{bytes}\n"))
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
