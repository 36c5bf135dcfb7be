//! A 5xx in plain text, or without a type, says that the code broke, and how; its text is for the operator.
//!
//! axum answers so where an extractor lacks something (an `Extension`, a path's parameters) or where JSON cannot be
//! written, as does middleware that catches panics, and whoever writes `(StatusCode::BAD_GATEWAY, error.to_string())`. It
//! becomes the refusal `handler failed`, with the status that the code chose. Not so what a backend answered, and what is
//! a page on purpose: one of another type (HTML, JSON).

use std::{future::poll_fn, pin::Pin, task::Poll};

use axum::response::IntoResponse;
use http::{HeaderValue, header};
use http_body::Body as _;

use crate::{Body, Error, Refusal, Response, error::Failure};

/// So much of such a text is kept for the operator, in bytes.
const TEXT_MAX: usize = 4096;

/// So many frames of a body are looked at for it.
const FRAMES_MAX: usize = 64;

/// Marks what a backend answered, where it could be taken for an answer of the code.
#[derive(Clone, Copy)]
struct Received;

/// A response as it came from a backend.
pub(crate) fn received(mut response: Response) -> Response {
    if response.status().is_server_error() {
        response.extensions_mut().insert(Received);
    }
    response
}

/// A handler's answer, with a page of ours in the place of a text that is not for the client.
pub(crate) async fn told_apart(response: Response) -> Response {
    if !response.status().is_server_error() || !is_broken(&response) {
        return response;
    }
    let (head, body) = response.into_parts();
    let detail =
        format!("the handler answered {}: {}", head.status.as_u16(), beginning(body).await);
    let refused = Error::new(Refusal::HandlerFailed, detail).with_status(head.status);
    let mut page = refused.into_response();
    // When to come again is for the client, whatever the text is.
    if let Some(when) = head.headers.get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, when.clone());
    }
    page
}

fn is_broken(response: &Response) -> bool {
    let extensions = response.extensions();
    extensions.get::<Failure>().is_none()
        && extensions.get::<Received>().is_none()
        && response.headers().get(header::CONTENT_TYPE).is_none_or(is_plain)
}

/// Whether a `Content-Type` is that of plain text, or names none (RFC 9110 section 8.3.1: in any case of letters).
fn is_plain(kind: &HeaderValue) -> bool {
    let name = kind.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    let name = name.trim_ascii();
    name.is_empty() || name.eq_ignore_ascii_case(b"text/plain")
}

/// The beginning of a text, as far as it is there already: nobody waits for what is not sent.
async fn beginning(mut body: Body) -> String {
    let length = body.size_hint().exact();
    let mut text = Vec::new();
    let mut left = Left::More;
    for _ in 0..FRAMES_MAX {
        left = more(&mut body, &mut text).await;
        if left != Left::More || text.len() > TEXT_MAX {
            break;
        }
    }
    if text.is_empty() && left == Left::Nothing {
        return "nothing in its body".to_owned();
    }
    if text.len() <= TEXT_MAX && left == Left::Nothing {
        return String::from_utf8_lossy(&text).into_owned();
    }
    text.truncate(TEXT_MAX);
    let shown = String::from_utf8_lossy(&text);
    match length {
        Some(length) => format!("{shown} [.. a text of {length} bytes]"),
        None => format!("{shown} [.. a streamed text]"),
    }
}

/// What there is of a body behind what was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Nothing,
    More,
    /// It would have to be waited for.
    OutOfReach,
}

async fn more(body: &mut Body, text: &mut Vec<u8>) -> Left {
    match poll_fn(|cx| Poll::Ready(Pin::new(&mut *body).poll_frame(cx))).await {
        Poll::Ready(Some(Ok(frame))) => {
            // What is beyond the beginning is not copied; one byte of it says that it is there.
            let room = (TEXT_MAX + 1).saturating_sub(text.len());
            if let Some(bytes) = frame.data_ref() {
                text.extend(bytes.iter().take(room));
            }
            Left::More
        }
        Poll::Ready(None) => Left::Nothing,
        Poll::Ready(Some(Err(failed))) => {
            text.extend_from_slice(format!("[it broke off: {failed}]").as_bytes());
            Left::Nothing
        }
        Poll::Pending => Left::OutOfReach,
    }
}
