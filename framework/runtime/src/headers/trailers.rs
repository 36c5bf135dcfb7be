//! Trailers of a client's request: what they must not say (RFC 9110 section 6.5.1).
//!
//! They come when everything has been decided, and whoever reads them may take them for headers. So at the edge they lose
//! what frames or routes a message, what selects or changes an answer, what says who somebody is, and every name that we
//! vouch for or sign. Other trailers pass.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use http_body::{Body as _, Frame, SizeHint};
use selvedge::{Body, Request};

/// Names that no trailer has, beside those that begin with one of [`PREFIXES`].
const FORBIDDEN: [&str; 24] = [
    "age",
    "authorization",
    "cache-control",
    "cdn-loop",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "cookie",
    "edge-auth",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "max-forwards",
    "pragma",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "via",
];

const PREFIXES: [&str; 7] =
    ["fastly-", "if-", "proxy-", "selvedge-", "surrogate-", "x-forwarded-", "x-real-"];

/// Keeps the trailers of a request's body from saying what they must not.
pub fn guard_trailers(request: &mut Request) {
    if !request.body().is_end_stream() {
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = Body::new(Guarded(body));
    }
}

fn is_forbidden(name: &HeaderName) -> bool {
    let name = name.as_str();
    FORBIDDEN.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

struct Guarded(Body);

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.0).poll_frame(cx));
        Poll::Ready(frame.map(|frame| frame.map(guarded)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

fn guarded(frame: Frame<Bytes>) -> Frame<Bytes> {
    match frame.into_trailers() {
        Err(data) => data,
        Ok(trailers) => Frame::trailers(allowed(&trailers)),
    }
}

fn allowed(trailers: &HeaderMap) -> HeaderMap {
    let kept = trailers.iter().filter(|(name, _)| !is_forbidden(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn what_a_trailer_must_not_say_is_left_out() {
        let names = ["edge-auth", "cdn-loop", "fastly-client-ip", "x-forwarded-for", "cookie"];
        let all = names.into_iter().chain(["if-match", "x-sum", "grpc-status"]);
        let value = HeaderValue::from_static("v");
        let trailers = all.map(|name| (HeaderName::from_static(name), value.clone())).collect();
        let left = allowed(&trailers);
        let left: Vec<&str> = left.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["x-sum", "grpc-status"]);
    }
}
