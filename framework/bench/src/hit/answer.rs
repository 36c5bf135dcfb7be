//! A response as bytes: what the origin sends, and what was received to be sent again.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use http_body_util::Full;

use crate::Outcome;

/// How long the body is.
pub(crate) const BODY_BYTES: usize = 1024;

/// Headers and body of a 200.
#[derive(Clone)]
pub(crate) struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// What the origin answers: one kilobyte that may be kept for an hour.
    pub(crate) fn of_origin() -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=3600"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        Self { headers, body: Bytes::from(vec![b'x'; BODY_BYTES]) }
    }

    /// Reads a whole response as it came over the wire.
    pub(crate) fn parse(head: &str, body: &[u8]) -> Outcome<Self> {
        let mut headers = HeaderMap::new();
        for line in head.lines().skip(1).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').ok_or("a header without a colon")?;
            let name: HeaderName = name.parse()?;
            headers.append(name, HeaderValue::from_str(value.trim())?);
        }
        Ok(Self { headers, body: Bytes::copy_from_slice(body) })
    }

    /// Refuses to measure anything but a hit.
    pub(crate) fn must_be_a_hit(&self) -> Outcome<()> {
        let told = self.headers.get("x-cache").and_then(|value| value.to_str().ok());
        match told {
            Some(word) if word.contains("HIT") => Ok(()),
            other => Err(format!("the second answer is no cache hit: `X-Cache: {other:?}`").into()),
        }
    }

    /// The response to send; hyper adds `Content-Length`, and `Date` unless there is one.
    pub(crate) fn response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body.clone()));
        response.headers_mut().clone_from(&self.headers);
        response
    }
}
