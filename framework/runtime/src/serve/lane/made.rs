//! Responses that services have just made, as far as the lane writes them: small ones whose body is in hand, as a whole.
//!
//! They are written as hyper writes them (RFC 9112 sections 4 and 6.3). Whatever says something of the connection, has no
//! content by its status, or has yet to make a part of its body is hyper's, as it was.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header, response::Parts};
use http_body::{Body as _, Frame, SizeHint};
use hyper::ext::ReasonPhrase;
use selvedge::{Body, Response};

use super::date::Date;
use crate::{fetch::SMALL, page::CloseAfter};

/// Writes the response to a request that is not HEAD.
///
/// # Errors
/// The response, where it is not the lane's; then nothing is written.
pub(super) fn write(
    response: Response,
    date: &mut Date,
    out: &mut Vec<u8>,
    cx: &mut Context<'_>,
) -> Result<(), Box<Response>> {
    let (head, body) = response.into_parts();
    let length = body.size_hint().exact().filter(|length| *length <= SMALL);
    let taken = match length.filter(|length| is_plain(&head, *length)) {
        Some(length) => in_hand(body, length, cx),
        None => Err(body),
    };
    match taken {
        Ok(body) => {
            write_head(&head, body.len(), date, out);
            out.extend_from_slice(&body);
            Ok(())
        }
        Err(body) => Err(Box::new(Response::from_parts(head, body))),
    }
}

/// Whether hyper would write the head as it is, and then so many bytes.
fn is_plain(Parts { status, headers, extensions, .. }: &Parts, length: u64) -> bool {
    let has_content = !status.is_informational()
        && !matches!(
            *status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
        );
    let is_of_connection = [header::CONNECTION, header::TRANSFER_ENCODING, header::UPGRADE]
        .iter()
        .any(|name| headers.contains_key(name));
    let is_special =
        extensions.get::<CloseAfter>().is_some() || extensions.get::<ReasonPhrase>().is_some();
    has_content && !is_of_connection && !is_special && has_no_other_length(headers, length)
}

fn has_no_other_length(headers: &HeaderMap, length: u64) -> bool {
    let said = headers.get_all(header::CONTENT_LENGTH);
    let mut said = said.iter();
    match (said.next(), said.next()) {
        (None, _) => true,
        (Some(one), None) => one.as_bytes() == itoa::Buffer::new().format(length).as_bytes(),
        (Some(_), Some(_)) => false,
    }
}

/// The whole of a body, if it is there.
fn in_hand(mut body: Body, length: u64, cx: &mut Context<'_>) -> Result<Bytes, Body> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let first = match Pin::new(&mut body).poll_frame(cx) {
        Poll::Ready(Some(Ok(first))) => first,
        Poll::Ready(None) if length == 0 => return Ok(Bytes::new()),
        Poll::Ready(None) | Poll::Pending => return Err(body),
        Poll::Ready(Some(Err(error))) => return Err(Begun::new(Err(error), body)),
    };
    match first.into_data() {
        Ok(data) if data.len() as u64 == length && body.is_end_stream() => Ok(data),
        Ok(data) => Err(Begun::new(Ok(Frame::data(data)), body)),
        Err(trailers) => Err(Begun::new(Ok(trailers), body)),
    }
}

fn write_head(head: &Parts, length: usize, date: &mut Date, out: &mut Vec<u8>) {
    let reason = head.status.canonical_reason().unwrap_or("<none>");
    for text in ["HTTP/1.1 ", head.status.as_str(), " ", reason, "\r\n"] {
        out.extend_from_slice(text.as_bytes());
    }
    for (name, value) in &head.headers {
        write_field(name.as_str(), value.as_bytes(), out);
    }
    if !head.headers.contains_key(header::CONTENT_LENGTH) {
        write_field("content-length", itoa::Buffer::new().format(length).as_bytes(), out);
    }
    if !head.headers.contains_key(header::DATE) {
        write_field("date", date.now().as_bytes(), out);
    }
    out.extend_from_slice(b"\r\n");
}

fn write_field(name: &str, value: &[u8], out: &mut Vec<u8>) {
    for text in [name.as_bytes(), b": ", value, b"\r\n"] {
        out.extend_from_slice(text);
    }
}

/// A body of which the first frame has been taken, and put back.
struct Begun {
    first: Option<Result<Frame<Bytes>, axum::Error>>,
    rest: Body,
}

impl Begun {
    fn new(first: Result<Frame<Bytes>, axum::Error>, rest: Body) -> Body {
        Body::new(Self { first: Some(first), rest })
    }
}

impl http_body::Body for Begun {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
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
