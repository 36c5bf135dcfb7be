//! A 500 in plain text says that the code broke, and how; its text is for the operator.
//!
//! axum answers so where an extractor lacks something (an `Extension`, a path's parameters) or where JSON cannot be
//! written, as does middleware that catches panics, and whoever writes `(StatusCode::INTERNAL_SERVER_ERROR,
//! error.to_string())`. It becomes the refusal `handler failed`. Not so what a backend answered, and what is a page on
//! purpose: another type (HTML, JSON), another status, a body without a known length.

use axum::response::IntoResponse;
use http::{StatusCode, header};
use http_body::Body as _;

use crate::{BodyExt, Error, Refusal, Response, error::Failure};

/// So much of such a text is kept for the operator, in bytes.
const TEXT_MAX: u64 = 4096;

/// Marks what a backend answered, where it could be taken for an answer of the code.
#[derive(Clone, Copy)]
struct Received;

/// A response as it came from a backend.
pub(crate) fn received(mut response: Response) -> Response {
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        response.extensions_mut().insert(Received);
    }
    response
}

/// A handler's answer, with a page of ours in the place of a text that is not for the client.
pub(crate) async fn told_apart(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !is_broken(&response) {
        return response;
    }
    let length = response.body().size_hint().exact().unwrap_or_default();
    let text = match length <= TEXT_MAX {
        true => response.into_body().bytes(usize::MAX).await.unwrap_or_default(),
        false => format!("a text of {length} bytes").into(),
    };
    let detail = format!("the handler answered 500: {}", String::from_utf8_lossy(&text));
    Error::new(Refusal::HandlerFailed, detail).into_response()
}

fn is_broken(response: &Response) -> bool {
    let extensions = response.extensions();
    let kind = response.headers().get(header::CONTENT_TYPE);
    extensions.get::<Failure>().is_none()
        && extensions.get::<Received>().is_none()
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
        && response.body().size_hint().exact().is_some()
}
