//! One reply of a scripted origin.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body::Frame;
use selvedge::{Body, Error, Refusal, Response, Result, host::BoxFuture};

use super::gate::Gate;

/// How an origin fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No connection is accepted.
    Refuse,
    /// The connection is closed before a response begins.
    Reset,
    /// No response begins in time.
    Timeout,
    /// The body breaks off after so many of its chunks.
    Truncate(usize),
}

/// A response, or a failure.
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    chunks: Vec<Bytes>,
    fault: Option<Fault>,
    gate: Option<Gate>,
}

/// A 200 with this body.
#[must_use]
pub fn ok(body: impl Into<Bytes>) -> Reply {
    status(200).body(body)
}

/// A response with this status and no body.
///
/// # Panics
/// Where there is no such status.
#[must_use]
pub fn status(code: u16) -> Reply {
    let status = expect(StatusCode::from_u16(code), "a status");
    Reply { status, headers: HeaderMap::new(), chunks: Vec::new(), fault: None, gate: None }
}

impl Reply {
    /// Adds a header line.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = expect(name.parse(), "a header name");
        self.headers.append(name, expect(HeaderValue::from_str(value), "a header value"));
        self
    }

    /// Adds a header line, whatever its bytes.
    #[must_use]
    pub fn line(mut self, name: &HeaderName, value: &HeaderValue) -> Self {
        self.headers.append(name, value.clone());
        self
    }

    /// `Cache-Control: max-age=SECONDS`.
    #[must_use]
    pub fn max_age(self, seconds: u64) -> Self {
        self.header("cache-control", &format!("max-age={seconds}"))
    }

    /// The body, in one chunk.
    #[must_use]
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.chunks([body.into()])
    }

    /// The body, in several chunks.
    #[must_use]
    pub fn chunks(mut self, chunks: impl IntoIterator<Item = Bytes>) -> Self {
        self.chunks = chunks.into_iter().filter(|chunk| !chunk.is_empty()).collect();
        self
    }

    /// Fails instead.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// Waits at a gate, before its head or its failure and before each chunk.
    #[must_use]
    pub fn held(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    pub(super) async fn response(self) -> Result<Response> {
        if let Some(gate) = self.gate.clone() {
            gate.pass(1).await;
        }
        let refused = |refusal| Err(Error::new(refusal, "the scripted origin said so"));
        let cut = match self.fault {
            Some(Fault::Refuse) => return refused(Refusal::ConnectionRefused),
            Some(Fault::Reset) => return refused(Refusal::ConnectionTerminated),
            Some(Fault::Timeout) => return refused(Refusal::FirstByteTimeout),
            Some(Fault::Truncate(chunks)) => Some(chunks),
            None => None,
        };
        let length: usize = self.chunks.iter().map(Bytes::len).sum();
        let held = Held { gate: self.gate, step: 1, waiting: None };
        let mut response =
            Response::new(Body::new(Scripted { chunks: self.chunks.into(), cut, held }));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if !response.headers().contains_key(header::TRANSFER_ENCODING) {
            response.headers_mut().entry(header::CONTENT_LENGTH).or_insert(length.into());
        }
        Ok(response)
    }
}

#[expect(clippy::panic, reason = "a test with a broken script has failed")]
#[track_caller]
fn expect<T, E: std::fmt::Display>(parsed: Result<T, E>, what: &str) -> T {
    match parsed {
        Ok(value) => value,
        Err(error) => panic!("that is not {what}: {error}"),
    }
}

struct Scripted {
    chunks: VecDeque<Bytes>,
    cut: Option<usize>,
    held: Held,
}

/// The steps of one reply at its gate.
struct Held {
    gate: Option<Gate>,
    step: usize,
    waiting: Option<BoxFuture<'static, ()>>,
}

impl Held {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(gate) = &self.gate else { return Poll::Ready(()) };
        let step = self.step + 1;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(gate.clone().pass(step)));
        ready!(waiting.as_mut().poll(cx));
        (self.step, self.waiting) = (step, None);
        Poll::Ready(())
    }
}

impl http_body::Body for Scripted {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        ready!(self.held.poll_next(cx));
        match &mut self.cut {
            Some(0) => {
                return Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())));
            }
            Some(left) => *left -= 1,
            None => {}
        }
        Poll::Ready(self.chunks.pop_front().map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty() && self.cut.is_none() && self.held.gate.is_none()
    }
}
