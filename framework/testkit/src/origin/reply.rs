//! One reply of a scripted origin.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use selvedge::{Body, Error, Refusal, Response, Result};

use super::{
    body::{Holds, Scripted},
    fault::{Cut, Fails, Fault},
    gate::Gate,
    stage::Stage,
};

/// A response, or a failure.
#[derive(Clone, Debug)]
#[must_use]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    chunks: Vec<Bytes>,
    fault: Option<Fault>,
    gate: Option<Gate>,
    delay: Duration,
    pace: Option<Duration>,
}

/// A 200 with this body.
pub fn ok(body: impl Into<Bytes>) -> Reply {
    status(200).body(body)
}

/// A failure.
pub fn fails(fault: Fault) -> Reply {
    status(200).fault(fault)
}

/// A response with this status and no body.
///
/// # Panics
/// Where there is no such status.
#[track_caller]
pub fn status(code: u16) -> Reply {
    Reply {
        status: expect(StatusCode::from_u16(code), "a status"),
        headers: HeaderMap::new(),
        chunks: Vec::new(),
        fault: None,
        gate: None,
        delay: Duration::ZERO,
        pace: None,
    }
}

impl Reply {
    /// Adds a header line.
    ///
    /// # Panics
    /// Where it is none.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = expect(name.parse(), "a header name");
        self.headers.append(name, expect(HeaderValue::from_str(value), "a header value"));
        self
    }

    /// Adds a header line, whatever its bytes.
    pub fn line(mut self, name: &HeaderName, value: &HeaderValue) -> Self {
        self.headers.append(name, value.clone());
        self
    }

    /// `Cache-Control: max-age=SECONDS`.
    pub fn max_age(self, seconds: u64) -> Self {
        self.header("cache-control", &format!("max-age={seconds}"))
    }

    /// `Surrogate-Key: KEYS`, several with spaces between them.
    #[track_caller]
    pub fn surrogate_key(self, keys: &str) -> Self {
        self.header("surrogate-key", keys)
    }

    /// The body, in one chunk.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.chunks([body.into()])
    }

    /// The body, in several chunks.
    pub fn chunks(mut self, chunks: impl IntoIterator<Item = Bytes>) -> Self {
        self.chunks = chunks.into_iter().filter(|chunk| !chunk.is_empty()).collect();
        self
    }

    /// Says its length by chunks, in place of `Content-Length`.
    pub fn chunked(self) -> Self {
        self.header("transfer-encoding", "chunked")
    }

    /// Fails instead.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// Waits at a gate, before its head or its failure and before each chunk.
    pub fn held(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// Begins, or fails, when the clock has moved on by so much since the request arrived. Where that is longer than the
    /// backend's `first_byte_timeout_ms`, nothing begins, and the send fails when that is over.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends its body in pieces of so many bytes, and the clock moves on by `step` before each of them.
    pub fn slow(mut self, bytes: usize, step: Duration) -> Self {
        let whole = self.chunks.concat();
        self.chunks = whole.chunks(bytes.max(1)).map(Bytes::copy_from_slice).collect();
        self.pace = Some(step);
        self
    }

    pub(super) async fn response(self, stage: &Stage, limit: Duration) -> Result<Response> {
        if let Some(gate) = self.gate.clone() {
            stage.hold(gate.pass(1)).await;
        }
        if !self.delay.is_zero() {
            stage.sleep(self.delay.min(limit)).await;
        }
        match self.fault.map(Fault::fails) {
            _ if self.delay > limit => refused(Refusal::FirstByteTimeout),
            Some(Fails::AtOnce(refusal)) => refused(refusal),
            Some(Fails::After(cut)) => Ok(self.begin(stage, Some(cut))),
            None => Ok(self.begin(stage, None)),
        }
    }

    fn begin(self, stage: &Stage, cut: Option<Cut>) -> Response {
        let length: usize = self.chunks.iter().map(Bytes::len).sum();
        let (gate, pace, stage) = (self.gate, self.pace, stage.clone());
        let holds = Holds { gate, pace, stage, step: 1, waiting: None };
        let body = Scripted::new(self.chunks, cut, holds);
        let mut response = Response::new(Body::new(body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if !response.headers().contains_key(header::TRANSFER_ENCODING) {
            response.headers_mut().entry(header::CONTENT_LENGTH).or_insert(length.into());
        }
        response
    }
}

fn refused(refusal: Refusal) -> Result<Response> {
    Err(Error::new(refusal, "the scripted origin said so"))
}

#[expect(clippy::panic, reason = "a test with a broken script has failed")]
#[track_caller]
fn expect<T, E: std::fmt::Display>(parsed: Result<T, E>, what: &str) -> T {
    match parsed {
        Ok(value) => value,
        Err(error) => panic!("that is not {what}: {error}"),
    }
}
