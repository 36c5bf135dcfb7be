//! Responses that services have just made, as far as the lane writes them: small ones whose body is in hand, as a whole.
//!
//! They are written as hyper writes them (RFC 9112 sections 4 and 6.3). Whatever says something of the connection, has no
//! content by its status, or has yet to make a part of its body is hyper's, as it was.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header, response::Parts};
use http_body::{Body as _, Frame};
use hyper::ext::ReasonPhrase;
use selvedge::{Body, Response};

use super::{begun::begun, date::Date};
use crate::{fetch::SMALL, headers, page::CloseAfter};

/// Writes the response to a request that is not HEAD, or gives it back where it is not the lane's.
pub(super) fn write(
    response: Response,
    date: &mut Date,
    out: &mut Vec<u8>,
    cx: &mut Context<'_>,
) -> Option<Response> {
    let (head, body) = response.into_parts();
    let length = body.size_hint().exact().filter(|length| *length <= SMALL);
    let Some((length, has)) = length.and_then(|length| Some((length, plain(&head, length)?)))
    else {
        return Some(Response::from_parts(head, body));
    };
    match in_hand(body, length, cx) {
        Ok(body) => {
            write_head(&head, has, body.len(), date, out);
            out.extend_from_slice(&body);
            None
        }
        Err(body) => Some(Response::from_parts(head, body)),
    }
}

/// What a head has of the fields that hyper would add.
#[derive(Clone, Copy, Debug, Default)]
struct Has {
    length: bool,
    date: bool,
}

/// What the head has, if hyper would write it as it is, and then so many bytes.
fn plain(Parts { status, headers, extensions, .. }: &Parts, length: u64) -> Option<Has> {
    let has_content = !status.is_informational()
        && !matches!(
            *status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
        );
    let is_special =
        extensions.get::<CloseAfter>().is_some() || extensions.get::<ReasonPhrase>().is_some();
    if !has_content || is_special {
        return None;
    }
    let mut has = Has::default();
    for (name, value) in headers {
        match *name {
            header::CONNECTION | header::TRANSFER_ENCODING | header::UPGRADE => return None,
            header::CONTENT_LENGTH if has.length || !is_number(value, length) => return None,
            header::CONTENT_LENGTH => has.length = true,
            header::DATE => has.date = true,
            _ => (),
        }
    }
    Some(has)
}

fn is_number(value: &HeaderValue, number: u64) -> bool {
    value.as_bytes() == itoa::Buffer::new().format(number).as_bytes()
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
        Poll::Ready(Some(Err(error))) => return Err(begun(Err(error), body)),
    };
    match first.into_data() {
        Ok(data) if data.len() as u64 == length && body.is_end_stream() => Ok(data),
        Ok(data) => Err(begun(Ok(Frame::data(data)), body)),
        Err(trailers) => Err(begun(Ok(trailers), body)),
    }
}

fn write_head(head: &Parts, has: Has, length: usize, date: &mut Date, out: &mut Vec<u8>) {
    headers::write_status(head.status, out);
    for (name, value) in &head.headers {
        write_field(name.as_str(), value.as_bytes(), out);
    }
    if !has.length {
        write_field("content-length", itoa::Buffer::new().format(length).as_bytes(), out);
    }
    if !has.date {
        write_field("date", date.now().as_bytes(), out);
    }
    out.extend_from_slice(b"\r\n\r\n");
}

fn write_field(name: &str, value: &[u8], out: &mut Vec<u8>) {
    for text in [b"\r\n", name.as_bytes(), b": ", value] {
        out.extend_from_slice(text);
    }
}
