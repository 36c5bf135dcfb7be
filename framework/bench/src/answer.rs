//! A response as bytes: what was received, to be sent again.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use http_body_util::Full;

use crate::Outcome;

/// Headers and body of a 200.
#[derive(Clone)]
pub struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// Reads a whole response as it came over the wire.
    ///
    /// # Errors
    /// Where a line of the head is no header.
    pub fn parse(head: &str, body: &[u8]) -> Outcome<Self> {
        let mut headers = HeaderMap::new();
        for line in head.lines().skip(1).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').ok_or("a header without a colon")?;
            let name: HeaderName = name.parse()?;
            headers.append(name, HeaderValue::from_str(value.trim())?);
        }
        Ok(Self { headers, body: Bytes::copy_from_slice(body) })
    }

    /// Refuses to measure anything but a hit.
    ///
    /// # Errors
    /// Where `X-Cache` does not say `HIT`.
    pub fn must_be_a_hit(&self) -> Outcome<()> {
        let told = self.headers.get("x-cache").and_then(|value| value.to_str().ok());
        match told {
            Some(word) if word.contains("HIT") => Ok(()),
            other => Err(format!("the second answer is no cache hit: `X-Cache: {other:?}`").into()),
        }
    }

    /// The response to send; hyper adds `Content-Length`, and `Date` unless there is one.
    #[must_use]
    pub fn response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body.clone()));
        response.headers_mut().clone_from(&self.headers);
        response
    }
}
